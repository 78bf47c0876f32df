// One file, the same results: each program runs embedded and as a job of a daemon.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lastJson, SageHome, type Ran } from "./sage.ts";

let home: SageHome;
beforeAll(async () => {
  home = await SageHome.make();
  await home.startDaemon();
});
afterAll(() => home[Symbol.asyncDispose]());

const program = (name: string) => `tests/e2e/programs/${name}.ts`;
const modes = [
  ["embedded", (file: string, ...args: string[]) => home.sage("run", file, "--local", ...args)],
  ["on a daemon", (file: string, ...args: string[]) => home.sage("run", file, "--remote", ...home.daemon, ...args)],
] as const satisfies readonly (readonly [string, (file: string, ...args: string[]) => Promise<Ran>])[];

describe.each(modes)("%s:", (_mode, run) => {
  test("every record arrives once when one instance of two is slow", async () => {
    expect(lastJson(await run(program("slow-instance")))).toEqual({ count: 400, sum: 79_800, instances: 2 });
  });

  test("two sources of 3 and 60 records are merged without loss", async () => {
    expect(lastJson(await run(program("merged-sources")))).toEqual({ short: 3, long: 60 });
  });

  test("each of several sinks gets every record of its stream", async () => {
    expect(lastJson(await run(program("several-sinks")))).toEqual([[1_000, 499_500], [500, 249_500], [1_000, 999_000]]);
  });

  test("inner and left joins are complete and end, whatever the sources are called, also with one side empty", async () => {
    expect(lastJson(await run(program("joins")))).toEqual({
      inner: ["a:Amy", "a:Ann", "b:Bob", "c:Amy", "c:Ann"], left: ["a:Amy", "a:Ann", "b:Bob", "c:Amy", "c:Ann", "d:-"], empty: [],
    });
  });

  test("falsy, boxed and composite keys each go to one instance, the same from every process", async () => {
    expect(lastJson(await run(program("keys")))).toEqual({ rows: 280, owners: Array.from({ length: 14 }, () => 1), zeros: true, objects: true });
  });

  test("a job of 120 task instances runs", async () => {
    expect(lastJson(await run(program("many-tasks")))).toEqual({ count: 300, sum: 44_850 + 300 * 40 });
  });

  test("a loop ends when it is empty and its input has ended, with every record", async () => {
    const turns = Array.from({ length: 500 }, (_, index) => Math.log2((index + 1) & -(index + 1)) + 1).reduce((sum, n) => sum + n, 0);
    expect(lastJson(await run(program("loop")))).toEqual({ count: 500, starts: 500, turns });
  });

  test("the example of a remote service loads its model once, and asks it from all workers", async () => {
    const { stdout, code, stderr } = await run("examples/remote-service/main.ts");
    expect([code, stderr.includes("completed")]).toEqual([0, true]);
    const lines = stdout.trim().split("\n").map((line) => line.replace(/^\w+\[\d+\] /, ""));
    expect([lines[0], lines.at(-1)]).toEqual(["the model is loaded", "the model was asked 5 times"]);
    expect(lines.slice(1, -1).toSorted((a, b) => a.localeCompare(b))).toEqual(["  a table", "- a bad idea", "- an awful noise", "+ a good day", "+ great and good"].toSorted((a, b) => a.localeCompare(b)));
  });

  test("services are set up before the first record and cleaned up before submit returns", async () => {
    const { stdout, code, stderr } = await run(program("services"));
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.trim().split("\n").map((line) => line.replace(/^\S+\[\d+\] /, ""));
    expect(lines).toEqual(["dictionary: set up", "ONE", "TWO", "MANY", "dictionary: cleaned up", "submit returned"]);
  });

  test("an operator that throws fails the job: operator, record number, the line of the .ts file, exit code 1", async () => {
    const { code, stderr, stdout } = await run(program("throws"));
    expect(code).toBe(1);
    expect(stdout).not.toContain("not reached");
    expect(stderr).toMatch(/Fragile.*record 3/s);
    expect(stderr).toContain("cannot take 30");
    expect(stderr).toMatch(/tests\/e2e\/programs\/throws\.ts:6:\d+/);
    expect(stderr).not.toMatch(/node:internal|\bpackages\//);
  });

  test("records that fail are skipped, dead-lettered or tried again as the operator says, and counted", async () => {
    const { rows, counts } = lastJson(await run(program("error-policies"))) as { rows: number[][]; counts: Record<string, Record<string, number>> };
    expect(rows.map((each) => each.toSorted((a, b) => a - b))).toEqual([[2, 4, 6], [2, 4, 6], [1, 2, 3, 4, 5, 6], [2, 2, 4, 4, 6, 6]]);
    expect(counts).toEqual({
      skips: { skipped: 3, deadLettered: 0, retried: 0 }, "dead-letters": { skipped: 0, deadLettered: 3, retried: 0 },
      retries: { skipped: 0, deadLettered: 0, retried: 12 }, "skips-in-flat-map": { skipped: 6, deadLettered: 0, retried: 0 },
    });
  });

  const mistakes: [string, string, RegExp][] = [
    ["an empty pipeline", "empty", /has no source/],
    ["an unfilled future", "unfilled-future", /"again" is never filled.*mistakes\.ts:\d+/s],
    ["parallelism 0", "parallelism-0", /parallelism must be a whole number from 1.*not 0/],
    ["a source that throws", "source-throws", /Broken.*the source is broken.*mistakes\.ts:\d+/s],
  ];
  test.each(mistakes)("%s ends at once with a clear error", async (_what, which, message) => {
    const { code, stderr } = await run(program("mistakes"), "--param", `case=${which}`);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/node:internal|packages\/(runtime|graph|pipeline-api)\//);
  });

  test("a constructor argument that differs between submitter and worker is named, with the way out", async () => {
    const { code, stderr } = await run(program("mistakes"), "--param", "case=constructor-differs");
    expect(code).toBe(1);
    expect(stderr).toMatch(/operator "Scale" was built with other arguments/);
    expect(stderr).toMatch(/params/);
  });

  test("a class that is not exported works: operators are found by their place in the pipeline", async () => {
    const { code, stdout } = await run(program("mistakes"), "--param", "case=not-exported");
    expect(code).toBe(0);
    expect(stdout.trim().split("\n").map((line) => line.replace(/^\S+\[\d+\] /, "")).toSorted()).toEqual(["2", "3", "4"]);
  });
});

test("a job of 500 task instances runs", async () => {
  expect(lastJson(await home.sage("run", program("many-tasks"), "--remote", ...home.daemon, "--parallelism", "5", "--param", "stages=100"))).toEqual({ count: 300, sum: 44_850 + 300 * 100 });
});

test("a record of 100 MB between workers is refused with its size and the limit; the daemon takes the next job", async () => {
  const { code, stderr } = await home.sage("run", program("huge-record"), "--remote", ...home.daemon);
  expect(code).toBe(1);
  expect(stderr).toMatch(/a record takes 1048\d{5} bytes; a frame between workers holds at most \d+/);
  expect(stderr).not.toMatch(/node:internal|packages\/runtime/);
  expect(lastJson(await home.sage("run", program("merged-sources"), "--remote", ...home.daemon))).toEqual({ short: 3, long: 60 });
});

test("a module that throws on the worker is explained as such, with its line", async () => {
  const { code, stderr } = await home.sageWith({ SAGE_TEST_OUTSIDE: "1" }, "run", program("mistakes"), "--remote", ...home.daemon, "--param", "case=module-throws");
  expect(code).toBe(1);
  expect(stderr).toMatch(/only works at home/);
  expect(stderr).toMatch(/runs on every worker/);
  expect(stderr).toMatch(/mistakes\.ts:\d+:\d+/);
});

test("finished jobs stay listed as completed, with their end time", async () => {
  await home.sage("run", program("merged-sources"), "--remote", ...home.daemon);
  const jobs = JSON.parse((await home.sage("job", "list", "--json", ...home.daemon)).stdout) as { jobs: { name: string; status: string; endedAt?: string }[] };
  const job = jobs.jobs.findLast((each) => each.name === "merged-sources");
  expect(job).toMatchObject({ status: "completed" });
  expect(Date.parse(job!.endedAt!)).toBeGreaterThan(0);
});
