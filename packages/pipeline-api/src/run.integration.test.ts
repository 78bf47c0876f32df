// Whole programs, as `sage run` runs them, in processes of their own.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { shareEphemeralDaemon } from "./ephemeral-daemon.ts";
import type { ProgramOptions, ProgramOutcome } from "./run.ts";
import { useOwnTempDir } from "./testing/own-temp-dir.ts";

useOwnTempDir();

const packageDir = dirname(dirname(fileURLToPath(import.meta.url)));
const fixture = (name: string) => join(packageDir, "fixtures", `${name}.ts`);

/** What `runProgram` says in a fresh process, and what that process printed. */
interface Ran {
  readonly outcome: Pick<ProgramOutcome, "exitCode" | "jobs"> & { readonly error?: { readonly code?: string; readonly message: string; readonly stack: string } };
  readonly stdout: string;
  readonly stderr: string;
}

const runner = (file: string, options: ProgramOptions) => `
  import { runProgram } from ${JSON.stringify(pathToFileURL(join(packageDir, "dist/run.js")).href)};
  const abort = new AbortController();
  process.once("SIGINT", () => abort.abort(new Error("SIGINT")));
  const { error, ...outcome } = await runProgram(${JSON.stringify(file)}, { ...${JSON.stringify(options)}, signal: abort.signal, onWarning: (text) => console.error("warning: " + text) });
  process.stdout.write("\\noutcome " + JSON.stringify({ ...outcome, ...(error ? { error: { code: error.code, message: error.message, stack: error.stack } } : {}) }));
`;

async function run(file: string, options: ProgramOptions = {}): Promise<Ran> {
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve, reject) => {
    execFile(process.execPath, ["--input-type=module", "--eval", runner(file, options)], (error, out, err) => (error ? reject(new Error(`${error.message}\n${err}`)) : resolve({ stdout: out, stderr: err })));
  });
  return { ...parted(stdout), stderr };
}

function parted(stdout: string): Pick<Ran, "outcome" | "stdout"> {
  const [printed = "", outcome = "{}"] = stdout.split("\noutcome ");
  return { stdout: printed, outcome: JSON.parse(outcome) as Ran["outcome"] };
}

async function program(text: string) {
  const dir = await mkdtemp(join(packageDir, "fixtures", "tmp-"));
  const file = join(dir, "main.ts");
  await writeFile(file, text);
  return { file, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
}

const runFolders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("sage-run-"));

test("a program runs with the settings of the command line: params, arguments, a file beside its source", async () => {
  const { outcome, stdout } = await run(fixture("program"), { params: { add: 5 }, argv: ["--fast"] });
  expect(JSON.parse(stdout.trim())).toEqual({ scaled: [15, 25, 35], argv: ["--fast"] });
  expect(outcome).toMatchObject({ exitCode: 0, jobs: [{ name: "warm-up", status: "completed" }, { name: "scaled", status: "completed" }] });
  expect(await runFolders()).toEqual([]);
});

test("the same program runs on a daemon, except for what says that it is local", async () => {
  await using daemon = await shareEphemeralDaemon();
  const port = Number(daemon.client.address.split(":").at(-1));
  const former = process.env["SAGE_TARGET"];
  process.env["SAGE_TARGET"] = "remote";
  try {
    const { outcome, stdout } = await run(fixture("program"), { host: "127.0.0.1", port });
    expect(JSON.parse(stdout.trim())).toMatchObject({ scaled: [11, 21, 31] });
    expect(outcome).toMatchObject({ exitCode: 0, jobs: [{ name: "warm-up" }, { name: "scaled" }] });
    expect((await daemon.client.list()).map((job) => [job.name, job.phase])).toEqual([["scaled", "COMPLETED"]]);
  } finally {
    if (former === undefined) delete process.env["SAGE_TARGET"];
    else process.env["SAGE_TARGET"] = former;
  }
  const both = await run(fixture("program"), { host: "127.0.0.1", port, target: "remote" });
  expect(both.outcome).toMatchObject({ exitCode: 0 });
  expect((await daemon.client.list()).map((job) => [job.name, job.phase])).toEqual([["scaled", "COMPLETED"], ["warm-up", "COMPLETED"], ["scaled", "COMPLETED"]]);
});

test("a program that submits only as the main module does so in this process and on worker processes", async () => {
  await using main = await program(`
    import { LocalEnvironment } from "@sage/pipeline";
    import { pathToFileURL } from "node:url";
    const isMain = import.meta.url === pathToFileURL(process.argv[1]!).href;
    if (isMain) for (const parallelism of [1, 2]) {
      const env = new LocalEnvironment("main", { parallelism });
      env.fromIterable([1, 2]).map((value) => value + 1).sink(() => {});
      await env.submit();
    }
  `);
  const { outcome } = await run(main.file);
  expect(outcome).toMatchObject({ exitCode: 0, jobs: [{ status: "completed" }, { status: "completed" }] });
});

test("a module that only defines a pipeline is submitted", async () => {
  const { outcome } = await run(fixture("words"), { params: { lines: 4 } });
  expect(outcome.jobs[0]).toMatchObject({ name: "words", status: "completed" });
});

test("a failing program names operator, record and line, with exit code 1", async () => {
  const { outcome } = await run(fixture("failing"));
  expect(outcome).toMatchObject({ exitCode: 1, error: { code: "SAGE_JOB_FAILED" }, jobs: [{ status: "failed" }] });
  expect(outcome.error!.stack).toMatch(/fixtures\/failing\.ts:6:\d+/);
});

test("an error outside of operators has the user's line; a program that is not there has exit code 3", async () => {
  await using throwing = await program(`type A = { b: number };\nconst a: A = { b: 1 };\nthrow new Error(\`no \${a.b}\`);\n`);
  const { outcome } = await run(throwing.file);
  expect(outcome).toMatchObject({ exitCode: 1, error: { message: "no 1" } });
  expect(outcome.error!.stack).toMatch(/main\.ts:3:7/);
  expect((await run("/nowhere.ts")).outcome).toMatchObject({ exitCode: 3, error: { code: "SAGE_ENTRY_NOT_FOUND" } });
});

test("submits that the program does not wait for are waited for", async () => {
  await using careless = await program(`
    import { LocalEnvironment } from "@sage/pipeline";
    const slow = new LocalEnvironment("slow");
    slow.fromIterable([1]).sink(async () => { await new Promise((resolve) => setTimeout(resolve, 20)); console.log("written"); });
    void slow.submit();
    const handle = new LocalEnvironment("handle");
    handle.fromIterable([1]).sink(() => {});
    await handle.submit({ autostop: false });
  `);
  const { outcome, stdout } = await run(careless.file);
  expect(stdout).toContain("written");
  expect(outcome).toMatchObject({ exitCode: 0, jobs: [{ name: "slow", status: "completed" }, { name: "handle", status: "completed" }] });
});

test.each([
  ["a submit that nobody waits for", "void env.submit();"],
  ["a job that only its handle knows", "await env.submit({ autostop: false });"],
])("the failure of %s is not lost", async (_what, submit) => {
  await using careless = await program(`
    import { LocalEnvironment } from "@sage/pipeline";
    const env = new LocalEnvironment("bad");
    env.fromIterable([1]).sink(() => { throw new Error("lost?"); });
    ${submit}
  `);
  expect((await run(careless.file)).outcome).toMatchObject({ exitCode: 1, error: { message: expect.stringContaining("lost?") as string }, jobs: [{ status: "failed" }] });
});

test("no daemon: exit code 4", async () => {
  expect((await run(fixture("five"), { target: "remote", host: "127.0.0.1", port: 9 })).outcome).toMatchObject({ exitCode: 4, error: { code: "SAGE_DAEMON_UNREACHABLE" } });
});

test.each([
  ["in this process", {}, "stopped"],
  ["in worker processes", { parallelism: 2 }, "stopped"],
] as const)("Ctrl-C ends a local job %s, with exit code 130, and leaves nothing", async (_where, options, status) => {
  await using endless = await program(`
    import { environment } from "@sage/pipeline";
    const env = environment("endless");
    let told = false;
    env.fromSource(async () => { await new Promise((resolve) => setTimeout(resolve, 5)); return 1; }).map((n) => n).sink(() => { if (!told) { told = true; console.log("running"); } });
    await env.submit();
  `);
  const child = spawn(process.execPath, ["--input-type=module", "--eval", runner(endless.file, options)], { stdio: ["ignore", "pipe", "inherit"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (!stdout.includes("running") && (stdout + text).includes("running")) child.kill("SIGINT");
    stdout += text;
  });
  await once(child, "close");
  const { outcome } = parted(stdout);
  expect(outcome).toMatchObject({ exitCode: 130, error: { code: "SAGE_INTERRUPTED" }, jobs: [{ status }] });
});

test("a program that is killed leaves no daemon, no worker and no folder of theirs", async () => {
  await using endless = await program(`
    import { LocalEnvironment } from "@sage/pipeline";
    const env = new LocalEnvironment("endless", { workers: "processes" });
    env.fromSource(async () => { await new Promise((resolve) => setTimeout(resolve, 5)); return 1; })
      .sink((_, { parallelIndex }) => { console.log("worker " + process.pid + " " + parallelIndex); });
    await env.submit();
  `);
  const temp = dirname(endless.file);
  const homes = async () => (await readdir(temp)).filter((name) => name.startsWith("sage-local-"));
  const child = spawn(process.execPath, ["--input-type=module", "--eval", runner(endless.file, {})], { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, TMPDIR: temp } });
  const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  const worker = Number(/worker (\d+)/.exec(line)![1]);
  expect(await homes()).toHaveLength(1);
  child.kill("SIGKILL");
  const isAlive = (pid: number) => { try { return process.kill(pid, 0); } catch { return false; } };
  while (isAlive(worker) || (await homes()).length > 0) await new Promise((resolve) => setImmediate(resolve));
});

test("id, name and labels of a remote job may be given from outside", async () => {
  await using daemon = await shareEphemeralDaemon();
  const port = Number(daemon.client.address.split(":").at(-1));
  const id = "0196c0de-0000-7000-8000-0000000000ff";
  await run(fixture("words"), { target: "remote", host: "127.0.0.1", port, submission: { id, name: "nightly", labels: { team: "a" } } });
  expect(await daemon.client.get(id)).toMatchObject({ name: "nightly", labels: { team: "a" }, phase: "COMPLETED" });
});

test("Ctrl-C lets go of a remote job, and says how to watch and end it", async () => {
  await using daemon = await shareEphemeralDaemon();
  const port = Number(daemon.client.address.split(":").at(-1));
  const child = spawn(process.execPath, ["--input-type=module", "--eval", runner(fixture("endless"), { target: "remote", host: "127.0.0.1", port })], { stdio: ["ignore", "pipe", "inherit"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => { stdout += text; });
  const closed = once(child, "close");
  let jobId = "";
  while (jobId === "") jobId = (await daemon.client.list({ phases: ["RUNNING"] }))[0]?.jobId ?? "";
  child.kill("SIGINT");
  await closed;
  const { outcome } = parted(stdout);
  expect(outcome).toMatchObject({ exitCode: 130, error: { message: `interrupted: job ${jobId} goes on` } });
  expect(await daemon.client.get(jobId)).toMatchObject({ phase: "RUNNING" });
  await daemon.client.stop(jobId);
});

test("a program that submits nothing fails, and says how to end it", async () => {
  await using made = await program(`import { environment } from "@sage/pipeline"; environment("idle").fromIterable([1]).print();`);
  const { outcome } = await run(made.file);
  expect(outcome).toMatchObject({ exitCode: 1, error: { code: "SAGE_NOTHING_SUBMITTED" } });
});

test("process.exit in an operator of an embedded job is no success", async () => {
  await using made = await program(`import { environment } from "@sage/pipeline";
    const env = environment("exits");
    env.fromIterable([1, 2]).map((n) => (n === 2 ? process.exit(0) : n)).print();
    await env.submit();`);
  await expect(run(made.file)).rejects.toThrow(/called process\.exit\(0\), which ended job/);
});

test("a failed job and a wait that was too long are known by their classes, though the program has copies of its own", async () => {
  await using made = await program(`import { AutostopTimeoutError, environment, JobFailedError, SourceFunction } from "@sage/pipeline";
    const failing = environment("failing");
    failing.fromIterable([1]).map(() => { throw new Error("no"); }).print();
    const slow = environment("slow");
    slow.fromSource(() => SourceFunction.IDLE).sink(() => {});
    const errors = [await failing.submit().catch((e) => e), await slow.submit({ timeoutMs: 50 }).catch((e) => e)];
    console.log(errors.map((e) => [e instanceof JobFailedError, e instanceof AutostopTimeoutError].join()).join(";"));
    await slow.stop();`);
  expect((await run(made.file)).stdout.trim()).toBe("true,false;false,true");
});
