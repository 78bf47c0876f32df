// The page of a daemon on another host: through SSH, with Ray's own dashboard beside it, on a host with real sshd and
// real Ray, in a real Chromium.

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RayDashboard } from "../../packages/ray-control/src/index.ts";
import { newestRay, rayVenv } from "../../packages/ray-control/src/testing/ray-venv.ts";
import { startTestbed, testbedRefusal, type Testbed } from "../testbed/start-testbed.ts";
import { root, SageHome } from "./sage.ts";

const chromiumPath = "/usr/bin/chromium";
const refusal = testbedRefusal() ?? (existsSync(chromiumPath) ? undefined : `there is no ${chromiumPath} (Debian's package chromium)`);
if (refusal !== undefined) process.stderr.write(`the test of the dashboard through SSH is skipped: ${refusal}\n`);
const pictures = join(root, "out/dashboard");

describe.skipIf(refusal !== undefined)("a daemon on another host", { timeout: 180_000 }, () => {
  let hosts: Testbed;
  let home: SageHome;
  let folder = "";
  const sage = (...words: string[]) => home.sageWith(env, ...words);
  let env: Record<string, string> = {};
  beforeAll(async () => {
    const venv = await realpath(await rayVenv(newestRay));
    const base = execFileSync(join(venv, "bin/python"), ["-c", "import sys; print(sys.base_prefix)"], { encoding: "utf8" }).trim();
    hosts = await startTestbed({ hosts: 1, prefix: "dsh-", net: "10.231.66.0/24", share: [venv, ...(base.startsWith("/usr") ? [] : [base])] });
    home = await SageHome.make();
    folder = await mkdtemp(join(tmpdir(), "sage-remote-page-"));
    const { keyLogin, knownHosts } = hosts.facts;
    const configPath = join(folder, "config.yaml");
    await writeFile(configPath, `head: { host: "${hosts.host(1).ip}", temp_dir: /tmp/ray_head, resources: { cpus: 2, object_store_memory: 100000000 } }
ssh: { user: "${keyLogin.user}", key_path: "${keyLogin.privateKey}", known_hosts: "${knownHosts}" }
remote: { sage_home: "/home/${keyLogin.user}", ray_command: "${venv}/bin/ray", python_path: "${venv}/bin/python" }
`, { mode: 0o600 });
    env = { SAGE_CONFIG: configPath, SAGE_SSH_KNOWN_HOSTS: knownHosts };
    for (const words of [["head", "start"], ["jobmanager", "start", "--remote"]]) {
      const { code, stdout, stderr } = await sage(...words);
      if (code !== 0) throw new Error(`sage ${words.join(" ")} ended with ${code}: ${stdout}${stderr}`);
    }
    await mkdir(pictures, { recursive: true });
  }, 300_000);
  afterAll(async () => {
    await hosts?.[Symbol.asyncDispose]();
    await home?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs work while `sage tunnel` is open. @param work - with the options that address the daemon through it. */
  async function throughTunnel<T>(work: (daemon: string[]) => Promise<T>): Promise<T> {
    const tunnel = spawn(process.execPath, [join(root, "scripts/sage.mjs"), "tunnel"], { cwd: root, env: { ...process.env, NO_COLOR: "1", SAGE_HOME: home.folder, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let err = "";
    tunnel.stderr!.setEncoding("utf8").on("data", (text: string) => { err += text; });
    try {
      for await (const line of createInterface({ input: tunnel.stdout! })) {
        const port = /^JobManager +127\.0\.0\.1:(\d+) /.exec(line)?.[1];
        if (port !== undefined) return await work(["--host", "127.0.0.1", "--port", port]);
      }
      throw new Error(`the tunnel ended without a door to the JobManager: ${err}`);
    } finally {
      tunnel.kill("SIGINT");
      if (tunnel.exitCode === null) await once(tunnel, "close");
    }
  }

  /** `sage dashboard`, which holds the tunnel; the link that it prints. */
  async function opened(): Promise<{ readonly command: ChildProcess; readonly url: string }> {
    const command = spawn(process.execPath, [join(root, "scripts/sage.mjs"), "dashboard", "--no-open", "--json"], {
      cwd: root, env: { ...process.env, NO_COLOR: "1", SAGE_HOME: home.folder, ...env }, stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, err] = ["", ""];
    command.stderr!.setEncoding("utf8").on("data", (text: string) => { err += text; });
    for await (const text of command.stdout!.setEncoding("utf8") as AsyncIterable<string>) {
      out += text;
      if (out.includes("\n")) return { command, url: (JSON.parse(out.split("\n")[0]!) as { url: string }).url };
    }
    throw new Error(`it ended without a link: ${err}`);
  }

  test("is shown through SSH by a link that works once, with Ray, its nodes, the workers on each, the doctor's findings, and a way to Ray's own page", async () => {
    expect((await sage("doctor")).stdout).toContain("the JobManager answers");
    const submitted = await throughTunnel((daemon) => sage("job", "submit", "tests/e2e/programs/paused.ts", "--param", "limit=1000000000", ...daemon));
    expect(submitted).toMatchObject({ code: 0 });
    const { command, url } = await opened();
    const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
    try {
      const page = await browser.newPage({ viewport: { width: 1400, height: 1_300 } });
      page.setDefaultTimeout(60_000);
      await page.goto(url);
      await page.getByRole("status", { name: "Connection: live" }).waitFor();
      await page.getByRole("link", { name: "Cluster" }).click();
      const ray = page.getByRole("region", { name: "Ray", exact: true });
      await ray.getByText(newestRay, { exact: true }).waitFor();
      await ray.getByText("1 node up").waitFor();
      const node = page.getByRole("region", { name: /^Host .*, Ray head$/ });
      await node.getByRole("meter", { name: "Ray's CPUs" }).waitFor();
      await node.getByRole("meter", { name: "Memory of the machine" }).waitFor();
      const workers = page.getByRole("table", { name: "Workers" });
      for (const index of [0, 1]) await workers.getByRole("row", { name: new RegExp(`^dsh-1 \\d+ paused ${index} `) }).waitFor();
      await node.getByRole("definition").filter({ hasText: /^2, of paused$/ }).waitFor();
      await page.getByRole("table", { name: "Findings of the doctor" }).getByRole("row", { name: /ok .* daemon the JobManager answers/ }).waitFor();
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(pictures, `cluster-remote-${colorScheme}.png`), animations: "disabled" });
      }
      const way = (await ray.getByRole("link", { name: "Ray's dashboard" }).getAttribute("href"))!;
      expect(way).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      expect(await (await page.request.get(`${way}api/gcs_healthz`)).text()).toContain("success"); // all else wants Ray's token
      const place = (await ray.getByRole("definition").filter({ hasText: "where that page asks for one" }).innerText()).match(/the content of (\/\S+) on dsh-1$/)?.[1];
      const token = (await hosts.exec(1, `cat ${place}`)).trim();
      await expect(new RayDashboard(way).version()).rejects.toMatchObject({ code: "SAGE_RAY_UNAUTHENTICATED" });
      expect(await new RayDashboard(way, { token }).version()).toMatchObject({ rayVersion: newestRay });
      command.kill("SIGINT");
      await once(command, "close");
      await page.getByRole("status", { name: "Connection: lost" }).waitFor();
    } finally {
      command.kill("SIGKILL");
      await browser.close();
    }
  });
});
