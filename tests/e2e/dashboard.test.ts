// The dashboard in a real Chromium, on a real daemon: what people see, by role and name. Pictures of every page in both
// themes go to out/dashboard.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { framesOf, manyJobs } from "./dashboard-load.ts";
import { root, SageHome } from "./sage.ts";

const chromiumPath = "/usr/bin/chromium";
const hasChromium = existsSync(chromiumPath);
if (!hasChromium) process.stderr.write(`the dashboard's tests are skipped: there is no ${chromiumPath} (Debian's package chromium)\n`);
const pictures = join(root, "out/dashboard");
const waitMs = 60_000;

let home: SageHome;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[] = [];
/** Measured, not asserted: what a person would feel. */
const frames: Record<string, unknown> = {};
let turn = 0;
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
  process.stderr.write(`frames: ${JSON.stringify(frames)}\n`);
  await browser?.close();
  await home?.[Symbol.asyncDispose]();
});
beforeEach(() => { complaints = []; });

async function link(of = home): Promise<string> {
  const { code, stdout, stderr } = await of.sage("dashboard", "--no-open", "--json");
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { url: string }).url;
}

async function submit(program: string, ...more: string[]): Promise<string> {
  const { code, stdout, stderr } = await home.sage("job", "submit", `tests/e2e/programs/${program}.ts`, ...home.daemon, ...more, "--json");
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout.trim().split("\n").at(-1)!) as { jobId: string }).jobId;
}

interface Shown {
  readonly jobs: readonly { readonly name: string; readonly operators: readonly { readonly instances: readonly { readonly pid: number }[] }[] }[];
}

/** The process of one worker of a job, asked as the page asks. */
async function workerOf(name: string): Promise<number> {
  const { jobs } = (await (await page.request.get(new URL("/api/v1/jobs?status=running", page.url()).href)).json()) as Shown;
  return jobs.find((job) => job.name === name)!.operators.flatMap(({ instances }) => instances).find(({ pid }) => pid > 0)!.pid;
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
    await graph.getByText("back-pressured").waitFor();
    await page.getByRole("img", { name: /^Throughput: / }).waitFor();
    await picture("job");
    await graph.getByRole("button", { name: /^alarm/ }).click();
    const panel = page.getByRole("complementary", { name: "Operator alarm" });
    expect(await panel.getByRole("table", { name: "Instances of alarm" }).getByRole("row").count()).toBe(3);
    await picture("job-operator");
    await panel.getByRole("button", { name: "Logs of this operator" }).click();
    expect(await page.getByRole("combobox", { name: "Operator" }).inputValue()).toBe("alarm");
    await page.getByRole("tab", { name: "Services" }).click();
    await page.getByRole("table", { name: "Services" }).getByRole("row", { name: /calibration ready .* ms/ }).first().waitFor();
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

  test("a stopped job is continued, rescaled, saved, and goes on from the savepoint that was chosen", async () => {
    await page.getByRole("link", { name: "sensors" }).click();
    const graph = page.getByRole("group", { name: /Graph of the job/ });
    const alarm = graph.getByRole("button", { name: /^alarm, map, running/ });
    const asked = async (action: string, answer: () => Promise<void> = async () => {}) => {
      await page.getByRole("button", { name: action, exact: true }).click();
      const question = page.getByRole("dialog", { name: new RegExp(`^${action === "Continue from here" ? "Continue" : action} sensors`) });
      await answer();
      await question.getByRole("button", { name: action === "Continue from here" ? "Continue" : action, exact: true }).click();
      await question.waitFor({ state: "detached" });
    };
    await asked("Continue");
    await alarm.waitFor();
    await page.getByRole("tab", { name: "Timeline" }).click();
    await page.getByText("continued by request").waitFor();
    await picture("job-continued");

    await asked("Rescale", async () => {
      const question = page.getByRole("dialog", { name: "Rescale sensors?" });
      expect(await question.getByRole("button", { name: "Rescale" }).isDisabled()).toBe(true);
      await question.getByRole("spinbutton", { name: "New parallelism" }).fill("3");
    });
    await page.getByText("sensors: rescaled").waitFor();
    await graph.getByText("×3").first().waitFor();
    await alarm.click();
    const instances = page.getByRole("table", { name: "Instances of alarm" }).getByRole("row");
    await instances.nth(3).waitFor();
    expect(await instances.count()).toBe(4);

    await asked("Savepoint");
    await page.getByText("sensors: saved").waitFor();
    await asked("Stop");
    await page.getByText("sensors: stopped").waitFor();
    await page.getByRole("tab", { name: /^Checkpoints/ }).click();
    const table = page.getByRole("table", { name: "Checkpoints" });
    const chosen = table.getByRole("row", { name: /^savepoint \d+ complete .* by request/ }); // the newest is the stop's own
    await chosen.getByText(/alarm|calibrate|sensors|filter|archive|print/).first().waitFor();
    const id = Number(/^savepoint (\d+)/.exec((await chosen.getByRole("rowheader").innerText()).trim())![1]);
    await picture("checkpoints");
    await chosen.getByRole("button", { name: "Continue from here" }).click();
    await page.getByRole("dialog", { name: "Continue sensors?" }).getByRole("button", { name: "Continue" }).click();
    await page.getByText("sensors: continued").waitFor();
    await alarm.waitFor();
    const jobId = page.url().split("/").at(-1)!.split("?")[0]!;
    expect(JSON.parse((await home.sage("job", "show", jobId, ...home.daemon, "--json")).stdout)).toMatchObject({ status: "running", parallelism: expect.any(Number), restoredFrom: { id } });
    expect(complaints).toEqual([]);
  });

  test("the flights run, lose a worker, recover and end, seen all the way, and their page names the cause", async () => {
    const running = home.sage("run", "examples/flights/main.ts", "--remote", ...home.daemon, "--param", `out=${join(home.folder, "flights")}`);
    await show("jobs");
    const row = page.getByRole("row", { name: /flights/ });
    await row.getByText("running").waitFor();
    await row.getByRole("link", { name: "flights" }).click();
    await page.getByRole("button", { name: /^departures, map, running/ }).waitFor();
    process.kill(await workerOf("flights"), "SIGKILL");
    await page.getByRole("tab", { name: "Timeline" }).click();
    const restart = page.getByRole("region", { name: "Restarts" }).getByRole("listitem").first();
    await restart.getByText(/worker \d on .* was ended by SIGKILL/).waitFor();
    await page.getByText("recovering", { exact: true }).first().waitFor();
    await picture("flights-recovering");
    await restart.getByText(/^back in/).waitFor();
    await picture("flights-running");
    const { code, stderr } = await running;
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    await page.getByRole("button", { name: /^departures, map, finished/ }).waitFor();
    await page.getByRole("tab", { name: "Over time" }).click();
    await page.getByRole("img", { name: /^Throughput: / }).waitFor();
    await picture("flights-completed");
    await show("jobs");
    await row.getByText("completed").waitFor();
    expect(complaints).toEqual([]);
  });

  test("flights whose file is missing have failed, and the page says which file", async () => {
    await home.sage("run", "examples/flights/main.ts", "--remote", ...home.daemon, "--param", "data=no-such-flights.parquet", "--param", `out=${join(home.folder, "nowhere")}`);
    await show("jobs?status=failed");
    await page.getByRole("row", { name: /flights/ }).getByRole("link", { name: "flights" }).click();
    await page.getByRole("region", { name: "Why the job failed" }).getByText(/no-such-flights/).first().waitFor();
    await picture("flights-failed");
    expect(complaints).toEqual([]);
  });

  test("the cluster page tells of the daemon, its host and its workers", async () => {
    await submit("live", "--name", "third");
    await page.getByRole("link", { name: "Cluster" }).click();
    await page.getByRole("table", { name: "Workers" }).getByRole("row", { name: /third/ }).first().waitFor();
    await page.getByRole("meter", { name: "Memory" }).waitFor();
    await page.getByRole("table", { name: "Findings of the daemon" }).getByRole("row", { name: /disk/ }).waitFor();
    await writeFile(join(home.folder, "run/doctor.json"), JSON.stringify({ findings: [{ host: "sage2", check: "ssh", state: "failed", what: "no <b>answer</b> at port 22", fix: "Try by hand: ssh -v sage2" }] }));
    await page.getByRole("table", { name: "Findings of the doctor" }).getByRole("row", { name: /failed sage2 ssh no <b>answer<\/b>/ }).waitFor();
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
    await page.getByRole("tab", { name: "Over time" }).focus();
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

  test("a daemon with a thousand jobs has a list of a few rows, which scrolls, sorts and is searched", async () => {
    await using full = await SageHome.make();
    await manyJobs(full.folder, 1_000);
    await full.startDaemon();
    const other = await context.newPage();
    frames["an empty page, to compare"] = await framesOf(other, () => other.mouse.move(5, turn++ % 100));
    await other.goto(await link(full));
    await other.getByText("1,000 jobs").waitFor();
    const rows = other.getByRole("table", { name: "Jobs" }).getByRole("row");
    expect(await rows.count()).toBeLessThan(60);
    const scroller = other.getByRole("rowgroup", { name: /Jobs/ });
    frames["scrolling 1,000 jobs"] = await framesOf(other, () => scroller.evaluate((element, turn) => { element.scrollTop = (turn * 397) % element.scrollHeight; }, turn++));
    await scroller.evaluate((element) => { element.scrollTop = element.scrollHeight; });
    await other.getByRole("link", { name: "job 1 of many", exact: true }).waitFor();
    expect(await rows.count()).toBeLessThan(60);
    await other.getByRole("searchbox", { name: "Search jobs" }).fill("*99");
    await other.getByText("19 of 1,000 jobs").waitFor();
    await other.close();
    expect(complaints).toEqual([]);
  });

  test("a job of three hundred operators has a graph of them all, which is moved about while its numbers change", async () => {
    const jobId = await submit("wide");
    const other = await context.newPage();
    await other.goto(new URL(`/#/jobs/${jobId}`, page.url()).href);
    const graph = other.getByRole("group", { name: /Graph of the job/ });
    await graph.getByRole("button", { name: /^step 9-29, map, running/ }).waitFor();
    expect(await graph.getByRole("button", { name: /^step/ }).count()).toBe(300);
    await other.screenshot({ path: join(pictures, "wide-graph.png") });
    const box = (await graph.boundingBox())!;
    await other.mouse.move(box.x + 20, box.y + 20);
    await other.mouse.down();
    frames["moving a graph of 300 live operators"] = await framesOf(other, () => other.mouse.move(box.x + 20 + (turn % 40) * 10, box.y + 20 + (turn++ % 17) * 8));
    await other.mouse.up();
    await graph.getByRole("button", { name: "Show the whole graph" }).click();
    await other.screenshot({ path: join(pictures, "wide-graph-whole.png") });
    await home.sage("job", "stop", jobId, "--now", ...home.daemon);
    await other.close();
    expect(complaints).toEqual([]);
  });

  test("a connection that falls silent is called slow, and is live again with the next word", async () => {
    const other = await context.newPage();
    let silent = false;
    await other.clock.install();
    await other.routeWebSocket(/\/api\/v1\/ws$/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => { if (!silent) socket.send(message); });
    });
    await other.goto(new URL("/#/jobs", page.url()).href);
    const state = (name: string) => other.getByRole("status", { name: `Connection: ${name}` });
    await state("live").waitFor();
    await other.getByRole("table", { name: "Jobs" }).waitFor();
    silent = true;
    while (!(await state("slow").isVisible())) await other.clock.runFor(1_000);
    await other.getByText(/The connection is slow/).waitFor();
    await other.screenshot({ path: join(pictures, "slow.png") });
    silent = false;
    await other.clock.resume();
    await state("live").waitFor();
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
