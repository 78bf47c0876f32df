// The dashboard in a real Chromium, on a real daemon: what people see, by role and name. Pictures of every page in both
// themes go to out/dashboard.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { manyJobs, wideJob } from "./dashboard-daemon.ts";
import { root, SageHome } from "./sage.ts";

const chromiumPath = "/usr/bin/chromium";
const hasChromium = existsSync(chromiumPath);
if (!hasChromium) process.stderr.write(`the dashboard's tests are skipped: there is no ${chromiumPath} (Debian's package chromium)\n`);
const pictures = join(root, "out/dashboard");
const waitMs = 20_000;

let home: SageHome;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[] = [];
beforeAll(async () => {
  if (!hasChromium) return;
  await mkdir(pictures, { recursive: true });
  home = await SageHome.make();
  await home.startDaemon();
  browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
  context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  context.setDefaultTimeout(waitMs);
  page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => { if (message.type() === "error" && !/ERR_CONNECTION_REFUSED|WebSocket connection|401/.test(message.text())) complaints.push(message.text()); });
  page.on("request", (request) => { if (!/^(http|ws):\/\/127\.0\.0\.1:/.test(request.url())) complaints.push(`an external request: ${request.url()}`); });
  await page.goto(await link());
});
afterAll(async () => {
  await browser?.close();
  await home?.[Symbol.asyncDispose]();
});
beforeEach(() => { complaints = []; });

async function link(): Promise<string> {
  const { code, stdout, stderr } = await home.sage("dashboard", "--no-open", "--json");
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { url: string }).url;
}

async function submit(program: string, ...more: string[]): Promise<string> {
  const { code, stdout, stderr } = await home.sage("job", "submit", `tests/e2e/programs/${program}.ts`, ...home.daemon, ...more, "--json");
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout.trim().split("\n").at(-1)!) as { jobId: string }).jobId;
}

const show = (path: string) => page.goto(new URL(`/#/${path}`, page.url()).href);
const connection = (state: string) => page.getByRole("status", { name: `Connection: ${state}` });

async function picture(name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`), animations: "disabled" });
  }
}

describe.skipIf(!hasChromium)("in Chromium", () => {
  test("the link opens a session once, and without one the page says how to get it", async () => {
    await connection("live").waitFor();
    await page.getByRole("heading", { name: "No jobs yet" }).waitFor();
    expect(page.url()).not.toContain("ticket");
    await picture("empty");
    const stranger = await browser.newContext();
    const other = await stranger.newPage();
    const used = await link();
    await page.request.get(used);
    await other.goto(used);
    await other.getByRole("heading", { name: "This link was used already, or is too old" }).waitFor();
    await other.goto(new URL("/", used).href);
    await other.getByRole("heading", { name: "This page needs a link" }).waitFor();
    await stranger.close();
    expect(complaints).toEqual([]);
  });

  test("a job appears by itself, its graph lives, and its operators tell of their instances", async () => {
    await show("jobs");
    const jobId = await submit("live", "--label", "team=ops");
    const row = page.getByRole("row", { name: /sensors/ });
    await row.getByText("running").waitFor();
    await row.getByText(/k\/s$/).waitFor();
    await picture("jobs");
    await row.getByRole("link", { name: "sensors" }).click();
    const graph = page.getByRole("group", { name: /Graph of the job/ });
    for (const name of ["sensors", "calibrate", "alarm", "archive"]) await graph.getByRole("button", { name: new RegExp(`^${name}, .*running`) }).waitFor();
    await graph.getByText("hash").waitFor();
    await page.getByRole("img", { name: /^Throughput: / }).waitFor();
    await picture("job");
    await graph.getByRole("button", { name: /^alarm/ }).click();
    const panel = page.getByRole("complementary", { name: "Operator alarm" });
    expect(await panel.getByRole("table", { name: "Instances of alarm" }).getByRole("row").count()).toBe(3);
    await picture("job-operator");
    await panel.getByRole("button", { name: "Logs of this operator" }).click();
    expect(await page.getByRole("combobox", { name: "Operator" }).inputValue()).toBe("alarm");
    await page.getByRole("tab", { name: "Services" }).click();
    await page.getByRole("table", { name: "Services" }).getByRole("row", { name: /calibration/ }).first().waitFor();
    expect(page.url()).toContain(jobId);
    expect(complaints).toEqual([]);
  });

  test("logs follow, stand still, and are chosen by word, level and operator", async () => {
    await page.getByRole("tab", { name: "Logs" }).click();
    await page.getByRole("combobox", { name: "Operator" }).selectOption("");
    const log = page.getByRole("log", { name: "Log" });
    await log.getByText(/calibrated \d+/).first().waitFor();
    await picture("job-logs");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText(/lines?, \d+ new/).waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("combobox", { name: "Level" }).selectOption("warn");
    await log.getByText("calibration of last year").first().waitFor();
    expect(await log.getByText(/calibrated \d+/).count()).toBe(0);
    await page.getByRole("searchbox", { name: "Search the log" }).fill("no such words");
    await log.getByText("No line has these words.").waitFor();
    expect(complaints).toEqual([]);
  });

  test("a failed job shows its cause first, with the user's line; names and lines are never markup", async () => {
    await submit("fails", "--name", '<img src=x onerror="document.title=1"> \u202Egnp');
    await show("jobs");
    await page.getByRole("button", { name: /^Failed/ }).click();
    await page.getByRole("link", { name: /<img src=x/ }).click();
    const cause = page.getByRole("region", { name: "Why the job failed" });
    await cause.getByText("<img src=x onerror=alert(1)> is no number").first().waitFor();
    await cause.getByText(/tests\/e2e\/programs\/fails\.ts:1[0-9]/).first().waitFor();
    await cause.getByText("check <b>bold</b>[0]").waitFor();
    await page.getByRole("button", { name: /^check <b>bold<\/b>, map, failed/ }).waitFor();
    await picture("job-failed");
    await page.getByRole("tab", { name: "Logs" }).click();
    await page.getByRole("log").getByText('<script>document.title = "owned"</script> ␛[31mred').first().waitFor();
    await page.getByRole("tab", { name: "Timeline" }).click();
    await page.getByText("all workers are ready").waitFor();
    expect(await page.title()).toContain("<img src=x");
    expect(await page.locator("main img, main script, main b:has-text('bold')").count()).toBe(0);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toContain("⟨U+202E⟩");
    expect(complaints).toEqual([]);
  });

  test("search, sort and states choose jobs, and what was chosen is stopped and deleted after a question", async () => {
    await submit("live", "--name", "second");
    await show("jobs");
    await page.getByRole("searchbox", { name: "Search jobs" }).fill("team=ops");
    await page.getByText("1 of 3 jobs").waitFor();
    await page.getByRole("searchbox", { name: "Search jobs" }).fill("");
    await page.getByRole("columnheader", { name: "Job", exact: true }).getByRole("button").click();
    expect(await page.getByRole("columnheader", { name: "Job", exact: true }).getAttribute("aria-sort")).toBe("ascending");
    await page.getByRole("row", { name: /second/ }).getByText("running").waitFor();
    await page.getByRole("button", { name: /^Running/ }).click();
    await page.getByRole("checkbox", { name: "Select all shown jobs" }).check();
    const bulk = page.getByRole("region", { name: "Selected jobs" });
    await bulk.getByText("2 jobs selected").waitFor();
    await bulk.getByRole("button", { name: "Stop" }).click();
    const question = page.getByRole("dialog", { name: "Stop 2 jobs?" });
    await question.getByRole("button", { name: "Cancel" }).click();
    await question.waitFor({ state: "detached" });
    await bulk.getByRole("button", { name: "Stop" }).click();
    await picture("question");
    await question.getByRole("button", { name: "Stop" }).click();
    await page.getByText("2 jobs stopped").waitFor();
    await page.getByRole("button", { name: /^All/ }).click();
    await page.getByRole("row", { name: /second/ }).getByText("stopped").waitFor();
    await page.getByRole("checkbox", { name: "Select second" }).check();
    await bulk.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("row", { name: /second/ }).waitFor({ state: "detached" });
    expect(JSON.parse((await home.sage("job", "list", ...home.daemon, "--json")).stdout)).toMatchObject({ jobs: [{ name: "sensors", status: "stopped" }, { status: "failed" }] });
    expect(complaints).toEqual([]);
  });

  test("a stopped job is continued", async () => {
    await page.getByRole("link", { name: "sensors" }).click();
    await page.getByRole("button", { name: "Continue", exact: true }).click();
    await page.getByRole("dialog", { name: "Continue sensors?" }).getByRole("button", { name: "Continue" }).click();
    await page.getByRole("group", { name: /Graph of the job/ }).getByRole("button", { name: /^alarm, map, running/ }).waitFor();
    await page.getByRole("tab", { name: "Timeline" }).click();
    await page.getByText("continued by request").waitFor();
    await picture("job-continued");
    expect(complaints).toEqual([]);
  });

  test("the flights are seen to their end, also by who comes later", async () => {
    const { code, stderr } = await home.sage("run", "examples/flights/main.ts", "--remote", ...home.daemon, "--param", `out=${join(home.folder, "flights")}`);
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    await show("jobs");
    const row = page.getByRole("row", { name: /flights/ });
    await row.getByText("completed").waitFor();
    await row.getByText("3.00M").waitFor();
    await row.getByRole("link", { name: "flights" }).click();
    await page.getByRole("button", { name: /^departures, map, finished/ }).waitFor();
    await page.getByRole("img", { name: /^Throughput: / }).waitFor();
    await picture("job-completed");
    expect(complaints).toEqual([]);
  });

  test("the cluster page tells of the daemon, its host and its workers", async () => {
    await submit("live", "--name", "third");
    await page.getByRole("link", { name: "Cluster" }).click();
    await page.getByRole("table", { name: "Workers" }).getByRole("row", { name: /third/ }).first().waitFor();
    await page.getByRole("meter", { name: "Memory" }).waitFor();
    await page.getByRole("region", { name: "JobManager" }).getByText("process", { exact: true }).waitFor();
    await picture("cluster");
    expect(complaints).toEqual([]);
  });

  test("a killed daemon is noticed; when it is back, the page goes on by itself with what has happened", async () => {
    await show("jobs");
    await page.getByRole("row", { name: /third/ }).getByText("running").waitFor();
    const { pid } = JSON.parse(readFileSync(join(home.folder, "run/jobmanager.json"), "utf8")) as { pid: number };
    process.kill(pid, "SIGKILL");
    await connection("lost").waitFor();
    await page.getByRole("alert").getByText("The daemon does not answer").waitFor();
    await page.getByRole("row", { name: /third/ }).waitFor();
    await picture("lost");
    expect((await home.sage("jobmanager", "restart")).code).toBe(0);
    await connection("live").waitFor();
    await page.getByRole("alert").waitFor({ state: "detached" });
    await submit("fails", "--name", "after the restart");
    await page.getByRole("row", { name: /after the restart/ }).getByText("failed", { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("everything is reached by the keyboard", async () => {
    await show("jobs");
    await page.getByRole("link", { name: "after the restart" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "Throughput" }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("tab", { name: "Operators" }).getAttribute("aria-selected")).toBe("true");
    await page.getByRole("button", { name: /^tell, map/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: "Operator tell" }).waitFor();
    await page.getByRole("button", { name: "Delete" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Delete after the restart?" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const before = await page.getByRole("button", { name: /^Theme: / }).getAttribute("aria-label");
    await page.getByRole("button", { name: /^Theme: / }).press("Enter");
    expect(await page.getByRole("button", { name: /^Theme: / }).getAttribute("aria-label")).not.toBe(before);
    expect(complaints).toEqual([]);
  });

  test("a thousand jobs are a list of a few rows, and three hundred operators a graph", async () => {
    const other = await context.newPage();
    await manyJobs(other, 1_000);
    await other.goto(new URL("/#/jobs", page.url()).href);
    await other.getByText("1,000 jobs").waitFor();
    const rows = other.getByRole("table", { name: "Jobs" }).getByRole("row");
    expect(await rows.count()).toBeLessThan(60);
    await other.getByRole("rowgroup", { name: /Jobs/ }).evaluate((element) => { element.scrollTop = element.scrollHeight; });
    await other.getByRole("link", { name: "job 1 of many", exact: true }).waitFor();
    expect(await rows.count()).toBeLessThan(60);
    await other.getByRole("searchbox", { name: "Search jobs" }).fill("*99");
    await other.getByText("19 of 1,000 jobs").waitFor();
    await wideJob(other, 300);
    await other.goto(new URL("/#/jobs/wide", page.url()).href);
    await other.getByRole("button", { name: /^operator 299, / }).waitFor();
    expect(await other.getByRole("group", { name: /Graph of the job/ }).getByRole("button", { name: /^operator \d+, / }).count()).toBe(300);
    await other.screenshot({ path: join(pictures, "wide-graph.png") });
    await other.close();
    expect(complaints).toEqual([]);
  });

  test("another parallelism and an earlier checkpoint are asked of the daemon as they were chosen", async () => {
    const other = await context.newPage();
    const asked: unknown[] = [];
    await other.route("**/api/v1/actions", async (route) => {
      asked.push(route.request().postDataJSON());
      await route.fulfill({ json: { outcomes: [{ jobId: "wide", ok: true }] } });
    });
    await manyJobs(other, 3);
    await wideJob(other, 6);
    await other.goto(new URL("/#/jobs/wide", page.url()).href);
    await other.getByRole("button", { name: "Rescale" }).click();
    const question = other.getByRole("dialog", { name: "Rescale wide?" });
    expect(await question.getByRole("button", { name: "Rescale" }).isDisabled()).toBe(true);
    await question.getByRole("spinbutton", { name: "New parallelism" }).fill("3");
    await question.getByRole("button", { name: "Rescale" }).click();
    await other.getByText("wide: rescaled").waitFor();
    await wideJob(other, 6, "stopped");
    await other.reload();
    await other.getByRole("tab", { name: /^Checkpoints/ }).click();
    const row = other.getByRole("table", { name: "Checkpoints" }).getByRole("row", { name: /^savepoint 4 complete/ });
    await other.screenshot({ path: join(pictures, "checkpoints.png") });
    await row.getByRole("button", { name: "Continue from here" }).click();
    await other.getByRole("dialog", { name: "Continue wide?" }).getByRole("button", { name: "Continue" }).click();
    await other.getByText("wide: continued").waitFor();
    expect(asked).toEqual([{ action: "rescale", jobIds: ["wide"], parallelism: 3 }, { action: "continue", jobIds: ["wide"], checkpointId: 4 }]);
    await other.close();
    expect(complaints).toEqual([]);
  });
});

test("all of it weighs less than 100 KB on the wire, and nothing is inline", () => {
  const dir = join(root, "packages/jobmanager-server/dist/dashboard");
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const bytes = files.filter((file) => !file.endsWith(".map")).reduce((total, file) => total + gzipSync(readFileSync(file)).length, 0);
  expect(bytes).toBeLessThan(100 * 1024);
  expect(readFileSync(join(dir, "index.html"), "utf8")).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|https?:/);
});
