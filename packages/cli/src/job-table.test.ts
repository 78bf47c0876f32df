import { expect, test } from "vitest";
import { emptyInstance, type JobView } from "@sage/protocol";
import { openIo } from "./io.ts";
import { jobTable, printJob } from "./job-table.ts";
import { jobJson, shortIds } from "./job-view.ts";
import { TextSink } from "./testing/capture.ts";
import { widthOf } from "./text-width.ts";

const startedAtMs = Date.UTC(2026, 10, 21, 12, 0, 0);
const instance = (index: number, recordsIn: number, recordsOut: number) => ({
  ...emptyInstance(index), state: "running", host: "sage2", pid: 100 + index, recordsIn, recordsOut, skipped: 1, retried: 2, workerId: `w${index}`,
});

const job = (over: Partial<JobView> = {}): JobView => ({
  jobId: "01930000-0000-7000-8000-000000000001", number: 1, name: "flights", phase: "RUNNING", submittedAtMs: startedAtMs - 500, startedAtMs, endedAtMs: 0,
  attempt: 1, parallelism: 2, failure: null, history: [{ phase: "RUNNING", atMs: startedAtMs, reason: "all workers are ready" }], historyDropped: 0, services: [], labels: {},
  operators: [
    { nodeId: "n1", name: "read", kind: "file", chain: "read", instances: [instance(0, 0, 10), instance(1, 0, 5)] },
    { nodeId: "n2", name: "map", kind: "map", chain: "read", instances: [instance(0, 10, 10), instance(1, 5, 5)] },
  ],
  dispatcher: { tasks: 4, runningTasks: 4, services: 0, workers: 2, running: true }, resourcesReleased: false, warnings: [], planJson: "", revision: 7,
  checkpoints: [], restarts: [], restartCount: 0, guarantee: "", guaranteeReason: "", stateBytes: 0, checkpointSettings: null, restart: null, restoredFrom: null, savepointDir: "", waitsFor: "",
  ...over,
});
const hostile = "x\u001b]0;title\u0007\u001b[2J\r\n9  ffff  fake  completed\u202e" + "y".repeat(1_000_000);
const nowMs = startedAtMs + 61_000;
const localTime = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g;
const plain = (_: string, text: string) => text;

test("the list has number, short id, name, status, times, runtime and records", () => {
  const jobs = [job(), job({ jobId: "01930000-0000-7000-8000-000000000002", number: 12, name: "名前", phase: "COMPLETED", endedAtMs: startedAtMs + 1_500 }), job({ jobId: "02", number: 13, phase: "INITIALIZING", startedAtMs: 0, operators: [] })];
  expect(jobTable(jobs, { nowMs, wide: false, width: undefined, paint: plain }).map((line) => line.replace(localTime, "DATE TIME"))).toEqual([
    " #  ID                                    NAME     STATUS        SUBMITTED            RUNTIME  RECORDS",
    " 1  01930000-0000-7000-8000-000000000001  flights  running       DATE TIME   1m 01s       15",
    "12  01930000-0000-7000-8000-000000000002  名前     completed     DATE TIME     1.5s       15",
    "13  02                                    flights  initializing  DATE TIME        -        0",
  ]);
});

test("a hostile name is one short cell on one line, and fits the terminal", () => {
  const lines = jobTable([job({ name: hostile }), job({ jobId: "03930000-0000-7000-8000-000000000002" })], { nowMs, wide: false, width: 80, paint: plain });
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    expect(widthOf(line)).toBeLessThanOrEqual(80);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});

test("ids are shortened as far as they stay different", () => {
  expect([...shortIds(["abcdefgh-1111", "abcdefgh-1122", "ffffffff-0000"]).values()]).toEqual(["abcdefgh-111", "abcdefgh-112", "ffffffff"]);
  expect([...shortIds(["aaaaaaaabbbb"]).values()]).toEqual(["aaaaaaaa"]);
});

test("show has counts per operator; -v the dispatcher, every instance and the history; a failure has its stack", () => {
  const stdout = new TextSink();
  const failure = { code: "SAGE_OPERATOR_FAILED", fault: "user", message: hostile.slice(0, 18), operator: "map", index: 1, recordNumber: 3, stack: "Error: bad\n    at f (flights.ts:7:3)", hint: "Mend it.", host: "sage2", atMs: startedAtMs };
  printJob(job({ name: hostile.slice(0, 15), phase: "FAILED", failure, endedAtMs: startedAtMs + 1_000 }), openIo({ stdout, stderr: new TextSink(), env: {} }), { nowMs, verbose: true });
  expect(stdout.text.replace(localTime, "DATE TIME")).toBe([
    "Job:         x\\e]0;title\\u{7}\\e[2J (#1)", "ID:          01930000-0000-7000-8000-000000000001", "Status:      failed", "Submitted:   DATE TIME", "Started:     DATE TIME",
    "Ended:       DATE TIME", "Runtime:     1.0s", "Records:     15", "Parallelism: 2", "Dispatcher:  4 tasks, 4 running, 0 services, 2 workers", "",
    "OPERATOR  INSTANCES  STATE      IN  OUT  IN/S  OUT/S  SKIPPED  DEAD-LETTERED  RETRIED  HOST:PID",
    "read              2  2 running   0   15     0      0        2              0        4",
    "  [0]                running     0   10     0      0        1              0        2  sage2:100",
    "  [1]                running     0    5     0      0        1              0        2  sage2:101",
    "map               2  2 running  15   15     0      0        2              0        4",
    "  [0]                running    10   10     0      0        1              0        2  sage2:100",
    "  [1]                running     5    5     0      0        1              0        2  sage2:101", "",
    "DATE TIME  running: all workers are ready", "",
    "Failed in operator map[1], record 3, on sage2: x\\e]0;title\\u{7}\\e[2J", "    Error: bad", "    at f (flights.ts:7:3)", "  next: Mend it.", "",
  ].join("\n"));
});

test("show says what a job's workers wait for, and nothing where they do not", () => {
  const shown = (waitsFor: string) => {
    const stdout = new TextSink();
    printJob(job({ waitsFor }), openIo({ stdout, stderr: new TextSink(), env: {} }), { nowMs, verbose: false });
    return stdout.text;
  };
  expect(shown("waits for hosts: there is none")).toContain("Status:      running\nWaiting:     waits for hosts: there is none\n");
  expect(shown("")).not.toContain("Waiting");
});

test("JSON has the proto's keys, times as RFC 3339, durations in ms, and null for what is not yet", () => {
  expect(jobJson(job(), nowMs)).toMatchObject({
    jobId: "01930000-0000-7000-8000-000000000001", phase: "RUNNING", status: "running", submittedAt: "2026-11-21T11:59:59.500Z", startedAt: "2026-11-21T12:00:00.000Z",
    endedAt: null, runtimeMs: 61_000, records: 15, failure: null, history: [{ status: "running", at: "2026-11-21T12:00:00.000Z" }], resourcesReleased: false,
  });
  expect(jobJson(job({ planJson: '{"version":1}' }), nowMs)).toMatchObject({ plan: { version: 1 } });
  expect(Object.keys(jobJson(job(), nowMs)).filter((key) => /AtMs$|planJson/.test(key))).toEqual([]);
});

test("show names what blocks a worker's event loop, with the user's line; -v how it came there", () => {
  const shown = (verbose: boolean, isOver: boolean) => {
    const stdout = new TextSink();
    const block = { atMs: startedAtMs, durationMs: 2_500, isOver, stack: "    at spin (flights.ts:7:3)\n    at map (flights.ts:9:1)" };
    const blocked = { ...instance(1, 5, 5), block, blocks: 1 };
    printJob(job({ operators: [{ nodeId: "n2", name: "map", kind: "map", chain: "map", instances: [instance(0, 10, 10), blocked] }] }), openIo({ stdout, stderr: new TextSink(), env: {} }), { nowMs, verbose });
    return stdout.text;
  };
  expect(shown(false, false)).toContain("\nBlocked map[1] blocks its worker's event loop since 2.5 s: nothing else of worker 1 goes on:\n    at spin (flights.ts:7:3)\n");
  expect(shown(false, false)).not.toContain("flights.ts:9:1");
  expect(shown(true, false)).toContain("flights.ts:9:1");
  expect(shown(false, true)).toContain("Blocked map[1] has blocked its worker's event loop once, last for 2.5 s:\n    at spin (flights.ts:7:3)\n");
});
