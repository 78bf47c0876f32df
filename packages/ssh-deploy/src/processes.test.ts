// Processes of this machine, started and ended by record through the same scripts that run over SSH.
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cmd, Secret, toShell } from "@sage/core";
import type { Host } from "./host.ts";
import { localHost } from "./local-host.ts";
import { listProcesses, startProcess, stopProcess } from "./processes.ts";

let home: string;
let host: Host;
const recordsDir = "~/run";
const others: ChildProcess[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "sage-proc-"));
  host = localHost("here", { ...process.env, HOME: home });
});
afterEach(async () => {
  for (const { name } of await listProcesses(host, recordsDir)) await stopProcess(host, recordsDir, name, { graceMs: 0 });
  for (const child of others.splice(0)) child.kill("SIGKILL");
  await rm(home, { recursive: true, force: true });
});

const isAlive = (pid: number) => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};
const start = (script: string, name = "job") => startProcess(host, { recordsDir, name, command: cmd(["sh", "-c", script], { env: { SAGE_TEST: "a b" } }), logPath: "~/logs/job.log" });

/** Waits for a line of the log. */
async function logged(line: string): Promise<void> {
  const seen = () => existsSync(join(home, "logs/job.log")) && readFileSync(join(home, "logs/job.log"), "utf8").split("\n").includes(line);
  while (!seen()) await new Promise((resolve) => setImmediate(resolve));
}

test("a started process runs in a session of its own, with its log, its environment, and a record", async () => {
  const { kind, pid } = await start('echo "out $SAGE_TEST"; echo err >&2; exec sleep 1000');
  expect(kind).toBe("started");
  await logged("out a b");
  await logged("err");
  const [state] = await listProcesses(host, recordsDir);
  expect(state).toMatchObject({ name: "job", pid, running: true, members: [pid] });
  expect(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ")[3]).toBe(String(pid)); // leads its session
  expect(await stopProcess(host, recordsDir, "job")).toBe("stopped");
  expect(isAlive(pid)).toBe(false);
  expect(await readdir(join(home, "run"))).toEqual([]);
});

test("starting what runs changes nothing, stopping what is stopped neither", async () => {
  const { pid } = await start("exec sleep 1000");
  expect(await start("exec sleep 1000")).toEqual({ kind: "was-running", pid });
  await stopProcess(host, recordsDir, "job");
  expect(await stopProcess(host, recordsDir, "job")).toBe("was-stopped");
  expect(await stopProcess(host, "~/never", "job")).toBe("was-stopped");
});

test("two starts at once start one", async () => {
  const outcomes = await Promise.all([1, 2, 3].map(() => start("exec sleep 1000")));
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(["started", "was-running", "was-running"]);
  expect(new Set(outcomes.map(({ pid }) => pid)).size).toBe(1);
});

test("a process that ignores SIGTERM is killed, with children that left its session", async () => {
  const { pid } = await start("trap '' TERM; setsid sleep 1001 & setsid -w sleep 1002 & echo ready; while :; do sleep 1; done");
  await logged("ready");
  const [state] = await listProcesses(host, recordsDir);
  expect(state!.members.length).toBeGreaterThanOrEqual(3);
  expect(await stopProcess(host, recordsDir, "job", { graceMs: 300 })).toBe("killed");
  expect(state!.members.filter(isAlive)).toEqual([]);
  expect(isAlive(pid)).toBe(false);
});

test("what a process leaves behind is ended as well", async () => {
  const { pid } = await start("sleep 1003 & echo ready; exit 0");
  await logged("ready");
  const before = await listProcesses(host, recordsDir);
  expect(before[0]!.members.length).toBeGreaterThan(0);
  expect(await stopProcess(host, recordsDir, "job")).toBe("stopped");
  expect(before[0]!.members.filter(isAlive)).toEqual([]);
  expect(isAlive(pid)).toBe(false);
});

test("what a dead process left in its session is ended, also while nobody has collected it and though the mark is gone", async () => {
  const parent = spawn("sh", ["-c", `setsid sh -c 'env -i sleep 1009 & echo $$ $!; sed "s/.*) //" /proc/$$/stat | cut -d" " -f20; read -r _ <"${home}/end"' & exec sleep 1010`], { stdio: ["ignore", "pipe", "inherit"] });
  others.push(parent); // it never asks how its child ended
  execFileSync("mkfifo", [join(home, "end")]);
  let said = "";
  for await (const text of parent.stdout!.setEncoding("utf8")) if ((said += text).split("\n").length > 2) break;
  const [leader, left, startTime] = said.split(/\s+/).map(Number) as [number, number, number];
  await mkdir(join(home, "run"));
  await writeFile(join(home, "run", "job"), [leader, startTime, readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(), "0123456789abcdef", 0, "sh\n"].join("\n"));
  await writeFile(join(home, "end"), "\n");
  while (isAlive(leader)) await new Promise((resolve) => setImmediate(resolve));
  expect(existsSync(`/proc/${leader}`)).toBe(true);
  expect(await listProcesses(host, recordsDir)).toMatchObject([{ running: false, members: [left] }]);
  expect(await stopProcess(host, recordsDir, "job")).toBe("stopped");
  expect(isAlive(left)).toBe(false);
});

test("a stop waits for a start that is under way, though its caller may be dead, and ends what that starts", async () => {
  await mkdir(join(home, "logs"));
  execFileSync("mkfifo", [join(home, "logs/job.log")]); // the start waits here for a reader
  const starting = start("exec sleep 1011");
  while (!existsSync(join(home, "run")) || spawnSync("flock", ["-n", join(home, "run"), "true"]).status === 0) await new Promise((resolve) => setImmediate(resolve));
  const stopping = stopProcess(host, recordsDir, "job");
  const reader = spawn("sh", ["-c", `exec sleep 1012 <>"${home}/logs/job.log"`], { stdio: "ignore" });
  others.push(reader);
  const { pid } = await starting;
  expect(await stopping).toBe("stopped");
  expect(isAlive(pid)).toBe(false);
});

test("another process that got the recorded number is left alone", async () => {
  const other = spawn("sleep", ["1004"], { detached: true, stdio: "ignore" });
  others.push(other);
  await once(other, "spawn");
  const { pid } = await start("exec sleep 1005");
  const record = join(home, "run", "job");
  const lines = (await readFile(record, "utf8")).split("\n");
  await stopProcess(host, recordsDir, "job");
  expect(isAlive(pid)).toBe(false);
  lines[0] = String(other.pid); // the number is in use again
  lines[1] = String(Number(lines[1]) + 1); // and began at another time, which two processes of one tick do not
  await writeFile(record, lines.join("\n"));
  expect(await listProcesses(host, recordsDir)).toMatchObject([{ running: false, members: [] }]);
  expect(await stopProcess(host, recordsDir, "job")).toBe("was-stopped");
  expect(isAlive(other.pid!)).toBe(true);
});

test("a process with the same command line that nobody recorded is left alone", async () => {
  const other = spawn("sleep", ["1006"], { detached: true, stdio: "ignore" });
  others.push(other);
  await once(other, "spawn");
  await start("exec sleep 1006");
  expect(await stopProcess(host, recordsDir, "job")).toBe("stopped");
  expect(isAlive(other.pid!)).toBe(true);
});

test("a record of an earlier boot, or one that is no record, ends nothing", async () => {
  const other = spawn("sleep", ["1007"], { detached: true, stdio: "ignore" });
  others.push(other);
  await once(other, "spawn");
  await start("exec sleep 1008");
  const record = join(home, "run", "job");
  const good = await readFile(record, "utf8");
  await stopProcess(host, recordsDir, "job");
  const startTime = readFileSync(`/proc/${other.pid}/stat`, "utf8").split(") ")[1]!.split(" ")[19]!;
  const lines = good.split("\n");
  await writeFile(record, [other.pid, startTime, "another-boot", ...lines.slice(3)].join("\n"));
  expect(await stopProcess(host, recordsDir, "job")).toBe("was-stopped");
  for (const broken of ["", "-1\n1\n", `${other.pid}\n$(kill ${other.pid})\nx\nff\n0\nx\n`]) {
    await writeFile(record, broken);
    expect(await stopProcess(host, recordsDir, "job")).toBe("was-stopped");
  }
  expect(isAlive(other.pid!)).toBe(true);
});

test("a command that is not there is an error, and leaves no record", async () => {
  await expect(startProcess(host, { recordsDir, name: "job", command: cmd(["no-such-program-here"]), logPath: "~/l" })).rejects.toThrow(/not found/);
  expect(await listProcesses(host, recordsDir)).toEqual([]);
});

test("a secret in a process's environment is in no command line, neither while it is started nor later, nor in its record", async () => {
  const sent: string[] = [];
  const spied: Host = { ...host, name: host.name, where: host.where, run: (command, options) => { sent.push(toShell(command)); return host.run(command, options); } } as Host;
  const { pid } = await startProcess(spied, { recordsDir, name: "job", command: cmd(["sh", "-c", 'echo "$http_proxy and $SAGE_TEST"; exec sleep 1009'], { env: { http_proxy: new Secret("http://me:s3cret@proxy:3128"), SAGE_TEST: "plain" } }), logPath: "~/logs/job.log" });
  await logged("http://me:s3cret@proxy:3128 and plain");
  expect(sent).toHaveLength(1);
  expect(`${sent[0]}${readFileSync(`/proc/${pid}/cmdline`, "utf8")}${await readFile(join(home, "run", "job"), "utf8")}`).not.toContain("s3cret");
  expect((await listProcesses(host, recordsDir))[0]!.command).toContain("http_proxy=[hidden]");
});

test("an upload's bytes follow the secrets of its command", async () => {
  const stdin = (async function* () { yield Buffer.from("one "); await Promise.resolve(); yield Buffer.from("two"); })();
  const { stdout } = await host.run(cmd(["sh", "-c", 'cat; echo " $S"'], { env: { S: new Secret("three") } }), { stdin });
  expect(stdout).toBe("one two three\n");
});
