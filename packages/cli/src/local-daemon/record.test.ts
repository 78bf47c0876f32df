import { expect, test } from "vitest";
import { processFacts } from "./process-facts.ts";
import { isThatDaemon } from "./record.ts";

const startedAtMs = 1_700_000_000_000;
const record = { pid: 7, host: "127.0.0.1", port: 1, startedAtMs, version: "0.1.0", home: "/h" };
const commandLine = "/usr/bin/node /x/jobmanager-server/dist/daemon.mjs --home /h";

test("a process is the recorded daemon only if it is a daemon and began before the record was written", () => {
  expect(isThatDaemon(record, { startedAtMs: startedAtMs - 400, commandLine })).toBe(true);
  expect(isThatDaemon(record, { startedAtMs: startedAtMs + 60_000, commandLine })).toBe(false); // its pid was given away again
  expect(isThatDaemon(record, { startedAtMs: startedAtMs - 400, commandLine: "vim daemon.md" })).toBe(false);
  expect(isThatDaemon(record, undefined)).toBe(false);
});

test("the system knows when this process began and how it was started, and nothing of one that does not live", async () => {
  const facts = await processFacts(process.pid);
  const beganMs = Date.now() - process.uptime() * 1_000;
  expect(Math.abs(facts!.startedAtMs - beganMs)).toBeLessThan(5_000);
  expect(facts!.commandLine).toContain("node");
  expect(await processFacts(2 ** 22 + 1)).toBeUndefined();
});
