// Deploying to real hosts, in a testbed: shipping, interruptions, full disks, many hosts of which some fail, locks and
// processes that outlive their connection.
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cmd } from "@sage/core";
import { startTestbed, testbedRefusal, type Testbed } from "../../../tests/testbed/start-testbed.ts";
import { applySteps } from "./apply.ts";
import { deployActions } from "./deploy-actions.ts";
import { Fleet } from "./fleet.ts";
import type { Host, RunOptions } from "./host.ts";
import { acquireDeployLock } from "./lock.ts";
import { HostOpener, type HostSpec } from "./open-hosts.ts";
import { describeStep, planHost, type Wanted } from "./plan.ts";
import { probeHost } from "./probe.ts";
import { listProcesses, startProcess, stopProcess } from "./processes.ts";
import { listReleases, rollbackRelease, switchRelease } from "./shipping/releases.ts";
import { nodeRuntime, shipRuntime, type NodeRuntime } from "./shipping/runtimes.ts";
import { shipTree } from "./shipping/transfer.ts";
import { readTree } from "./shipping/tree.ts";
import { cleanTempDir, markTempDir } from "./temp-dirs.ts";

const refusal = testbedRefusal();
if (refusal !== undefined) console.log(`skipped: ${refusal}`);

describe.skipIf(refusal !== undefined)("deploying", () => {
  let bed: Testbed;
  let dir: string;
  let opener: HostOpener;
  const root = "~/.sage/app";
  const spec = (n: number, change: Partial<HostSpec> = {}): HostSpec => ({
    name: bed.host(n).name, host: bed.host(n).name, logins: [{ user: "sage", key: { from: "path", path: bed.facts.keyLogin.privateKey } }], ...change,
  });
  const open = (n: number) => opener.open(spec(n));

  beforeAll(async () => {
    bed = await startTestbed({ hosts: 6, prefix: "sshd-", net: "10.231.50.0/24" });
    dir = await mkdtemp(join(tmpdir(), "sage-deploy-"));
    opener = new HostOpener({ knownHostsPath: bed.facts.knownHosts, configPath: "/nonexistent", agentSocket: "", keepaliveIntervalMs: 500, connectTimeoutMs: 3_000 });
  });
  afterAll(async () => {
    await opener?.[Symbol.asyncDispose]();
    await bed?.[Symbol.asyncDispose]();
    if (dir) await rm(dir, { recursive: true, force: true });
  });

  /** A project of `count` files of 4 KiB, each with content of its own. */
  async function project(name: string, count: number, bytes = 4096): Promise<string> {
    const path = join(dir, name);
    for (let i = 0; i < count; i++) {
      const folder = join(path, `pkg${i % 40}`);
      if (i < 40) await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `module${i}.py`), Buffer.alloc(bytes, `${name} ${i}\n`));
    }
    return path;
  }

  test("two thousand files arrive as they are, also over a slow link; a change sends one, nothing sends none", async () => {
    const path = await project("many", 2_000);
    await bed.slow(2, 20);
    const tree = await readTree(path);
    for (const n of [1, 2]) {
      await using host = await open(n);
      expect(await shipTree(host, root, tree)).toMatchObject({ wasThere: false, sentFiles: 2_000 });
      await switchRelease(host, root, tree.manifest.id);
      const sums = execFileSync("sh", ["-c", "find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum"], { cwd: path, encoding: "utf8" });
      const { stdout } = await host.run(cmd(["sh", "-c", 'cd "$HOME/.sage/app/current/" && find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum']));
      expect(stdout).toBe(sums);
      expect(await shipTree(host, root, await readTree(path))).toMatchObject({ wasThere: true, sentFiles: 0, sentBytes: 0 });
    }
    await writeFile(join(path, "pkg0", "module0.py"), "changed\n");
    await using host = await open(1);
    const changed = await readTree(path);
    expect(await shipTree(host, root, changed)).toMatchObject({ wasThere: false, sentFiles: 1, sentBytes: 8 });
    await switchRelease(host, root, changed.manifest.id);
    expect(await rollbackRelease(host, root)).toBe(tree.manifest.id);
    expect((await host.run(cmd(["head", "-c", "4", ".sage/app/current/pkg0/module0.py"]))).stdout).toBe("many");
    await bed.slow(2, 0);
  });

  test("a host that is cut off in the middle of a transfer gets the rest when it is back", async () => {
    const tree = await readTree(await project("cut", 300, 100_000));
    {
      await using host = await open(3);
      const cutting: Host = Object.assign(Object.create(host) as Host, {
        run: (command: Parameters<Host["run"]>[0], options: RunOptions = {}) => {
          const { stdin } = options;
          return host.run(command, stdin === undefined || stdin instanceof Uint8Array ? options : { ...options, stdin: (async function* () {
            let bytes = 0;
            for await (const chunk of stdin) {
              yield chunk;
              bytes += chunk.byteLength;
              if (bytes > 8_000_000 && bytes - chunk.byteLength <= 8_000_000) await bed.cut(3);
            }
          })() });
        },
      });
      await expect(shipTree(cutting, root, tree)).rejects.toMatchObject({ code: "SAGE_SSH_LOST" });
    }
    await bed.heal(3);
    await using host = await open(3);
    const report = await shipTree(host, root, tree);
    expect(report.sentFiles).toBeGreaterThan(0);
    expect(report.sentFiles).toBeLessThan(300);
    expect((await listReleases(host, root)).releases.map(({ id }) => id)).toEqual([tree.manifest.id]);
    expect((await host.run(cmd(["sh", "-c", "ls -A ~/.sage/app/incoming ~/.sage/app/staging 2>/dev/null; :"]))).stdout).toBe("");
  });

  test("a full disk is told before anything is sent, or when it fills, and leaves no release", async () => {
    const tree = await readTree(await project("full", 60, 100_000));
    await bed.exec(4, "mkdir -p /small && mount -t tmpfs -o size=2m,mode=700,uid=2001 tmpfs /small");
    await using host = await open(4);
    await expect(shipTree(host, "/small/app", tree)).rejects.toMatchObject({ code: "SAGE_NO_SPACE", message: expect.stringContaining("6 MiB are needed") as string });
    await bed.exec(4, "mount -o remount,size=9m /small");
    const filling: Host = Object.assign(Object.create(host) as Host, {
      run: async (command: Parameters<Host["run"]>[0], options: RunOptions = {}) => {
        if (options.stdin !== undefined) await bed.exec(4, "head -c 4m /dev/zero >/small/other");
        return host.run(command, options);
      },
    });
    await expect(shipTree(filling, "/small/app", tree)).rejects.toMatchObject({ code: "SAGE_NO_SPACE" });
    expect((await listReleases(host, "/small/app")).releases).toEqual([]);
    await bed.exec(4, "rm -f /small/other");
    expect((await shipTree(host, "/small/app", tree)).id).toBe(tree.manifest.id);
  });

  test("a plan is carried out, and then there is nothing left to do", async () => {
    const tree = await readTree(await project("plan", 20));
    await bed.exec(5, "rm -f /usr/bin/node /usr/local/bin/node");
    const runtime: NodeRuntime = nodeRuntime();
    const wanted: Wanted = {
      cluster: "default", sageHome: "~/.sage", dirs: [{ path: "~/.sage/run" }, { path: "~/.sage/logs" }], tempDirs: ["/var/tmp/ray"], ports: [{ port: 22, purpose: "nothing" }, { port: 6379, purpose: "Ray" }],
      node: { minMajor: 20, arch: process.arch === "arm64" ? "aarch64" : "x86_64", hash: runtime.sha256.slice(0, 16) }, release: { root, id: tree.manifest.id },
    };
    await using host = await open(5);
    const plan = async () => planHost(await probeHost(host, { sageHome: "~/.sage", dirs: ["~/.sage/run", "~/.sage/logs", "/var/tmp/ray"], ports: [22, 6379], pythons: ["python3"], node: true }), wanted);
    const first = await plan();
    expect(first.problems.map(({ what }) => what)).toEqual(["port 22, for nothing, is in use by a process of another user"]);
    expect(first.steps.map(({ kind }) => kind)).toEqual(["make-dir", "make-dir", "mark-temp-dir", "ship-node", "ship-release", "switch-release"]);
    await applySteps(host, first.steps, deployActions({ sageHome: "~/.sage", tree, runtime }), describeStep);
    expect((await plan()).steps).toEqual([]);
    const { path, sentBytes } = await shipRuntime(host, "~/.sage", runtime);
    expect(sentBytes).toBe(0);
    expect((await host.run(cmd([path.replace("~", "/home/sage"), "--version"]))).stdout.trim()).toBe(process.version);
  });

  test("the facts of a host are true", async () => {
    await using host = await open(1);
    const facts = await probeHost(host, { sageHome: "~/.sage", dirs: ["/root/x", "/tmp"], ports: [22, 4], pythons: ["python3", "no-such-python"], rays: ["no-such-ray"], node: true });
    expect(facts).toMatchObject({ user: "sage", uid: 2001, home: "/home/sage", hostName: bed.host(1).name, system: "Linux", rays: [] });
    expect(Math.abs(facts.clockOffsetMs)).toBeLessThanOrEqual(facts.clockErrorMs + 1); // one clock for all hosts here
    expect(facts.dirs).toMatchObject([{ path: "/root/x", exists: false, writable: false }, { path: "/tmp", exists: true, writable: true }]);
    expect(facts.portsInUse.map(({ port }) => port)).toEqual([22]);
    expect(facts.pythons).toHaveLength(1);
    expect(facts.pythons[0]!.version).toMatch(/^3\.\d+\.\d+$/);
  });

  test("on many hosts, every failure is told with its cause and fix, and the others are done", async () => {
    await bed.exec(2, "pkill -x sshd; mv /usr/sbin/sshd /usr/sbin/sshd.off; :");
    await bed.cut(3);
    const specs = [spec(1), spec(2), spec(3), spec(4), spec(5, { logins: [{ user: "nobody", key: { from: "path", path: bed.facts.keyLogin.privateKey } }] }), spec(6, { host: "no-such-host.invalid" })];
    await using fleet = new Fleet(specs, (each, signal) => opener.open(each, signal), { deadlineMs: 20_000 });
    const report = await fleet.each(async (host) => (await host.run(cmd(["hostname"]))).stdout.trim());
    expect(report.outcomes.map((outcome) => (outcome.kind === "done" ? outcome.value : outcome.cause))).toEqual([
      bed.host(1).name, expect.stringContaining("refused"), expect.stringMatching(/no answer|no way/), bed.host(4).name, expect.stringContaining("refused every login"), expect.stringContaining("name is not known"),
    ]);
    expect(report.failed.every(({ fix }) => fix !== undefined)).toBe(true);
    await bed.exec(2, "mv /usr/sbin/sshd.off /usr/sbin/sshd");
    await bed.heal(3);
  });

  test("a process outlives its connection, is found again, and is ended with all that is its own", async () => {
    const process = { recordsDir: "~/.sage/run", name: "ray-head", command: cmd(["sh", "-c", "sleep 4801 & setsid -f sleep 4802; exec sleep 4803"]), logPath: "~/.sage/logs/ray-head.log" };
    {
      await using host = await open(1);
      expect(await startProcess(host, process)).toMatchObject({ kind: "started" });
    }
    await bed.exec(1, "setsid -f sleep 4803 >/dev/null 2>&1; :"); // looks the same, and is not ours
    await using host = await open(1);
    expect(await startProcess(host, process)).toMatchObject({ kind: "was-running" });
    expect((await listProcesses(host, "~/.sage/run"))[0]!.members).toHaveLength(3);
    expect(await stopProcess(host, "~/.sage/run", "ray-head")).toBe("stopped");
    expect((await bed.exec(1, "pgrep -fx 'sleep 480[123]' | wc -l")).trim()).toBe("1");
    expect(await listProcesses(host, "~/.sage/run")).toEqual([]);
  });

  test("after a reboot, a record of before ends nothing", async () => {
    const process = { recordsDir: "~/.sage/run", name: "daemon", command: cmd(["sleep", "4804"]), logPath: "~/.sage/logs/daemon.log" };
    {
      await using host = await open(4);
      await startProcess(host, process);
    }
    await bed.kill(4);
    await bed.boot(4);
    await using host = await open(4);
    expect(await listProcesses(host, "~/.sage/run")).toMatchObject([{ name: "daemon", running: false, members: [] }]);
    expect(await startProcess(host, process)).toMatchObject({ kind: "started" });
    expect(await stopProcess(host, "~/.sage/run", "daemon")).toBe("stopped");
  });

  test("temporary folders are cleaned where they carry the mark, and nowhere else", async () => {
    await using host = await open(6);
    await markTempDir(host, "/var/tmp/ray", "default");
    await host.run(cmd(["sh", "-c", "mkdir -p /var/tmp/ray/session/deep && echo x >/var/tmp/ray/session/deep/f && mkdir -p /var/tmp/other && echo keep >/var/tmp/other/f"]));
    expect(await cleanTempDir(host, "/var/tmp/ray", "default")).toBe("cleaned");
    await expect(cleanTempDir(host, "/var/tmp/other", "default")).rejects.toMatchObject({ code: "SAGE_TEMP_DIR_REFUSED" });
    await expect(cleanTempDir(host, "/", "default")).rejects.toMatchObject({ code: "SAGE_TEMP_DIR_REFUSED" });
    expect((await bed.exec(6, "ls /var/tmp")).trim().split("\n")).toContain("other");
    expect((await bed.exec(6, "ls /var/tmp")).trim().split("\n")).not.toContain("ray");
  });

  test("the deploy lock is for one operator, and free as soon as that one's connection ends", async () => {
    const lock = { path: "~/.sage/locks/deploy", who: "ada@laptop", doing: "sage deploy" };
    const ada: Host = await open(1);
    await using bob = await open(1);
    const held = await acquireDeployLock(ada, lock);
    await expect(acquireDeployLock(bob, { ...lock, who: "bob@desk" })).rejects.toMatchObject({ code: "SAGE_DEPLOY_LOCKED", owner: { who: "ada@laptop" } });
    await ada[Symbol.asyncDispose](); // as if ada's machine had died
    for (;;) {
      try {
        await using _lock = await acquireDeployLock(bob, { ...lock, who: "bob@desk" });
        break;
      } catch (error) {
        expect(error).toMatchObject({ code: "SAGE_DEPLOY_LOCKED" });
      }
    }
    expect(held.signal.aborted).toBe(true);
    await held[Symbol.asyncDispose]();
  });
});
