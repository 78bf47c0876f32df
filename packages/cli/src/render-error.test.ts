import { SageError } from "@sage/core";
import { JobFailedError } from "@sage/jobmanager-client";
import { expect, test } from "vitest";
import { exitCodeOf } from "./exit-code.ts";
import { openIo } from "./io.ts";
import { errorJson, renderError } from "./render-error.ts";
import { TextSink } from "./testing/capture.ts";

function shown(error: unknown, debug = false): string {
  const stderr = new TextSink();
  renderError(error, openIo({ stdout: new TextSink(), stderr, env: {} }), debug);
  return stderr.text;
}
const sageError = (code: string, message = "it is so", hint?: string) => new SageError(message, { code, fault: "user", ...(hint === undefined ? {} : { hint }) });

test("a user's mistake shows what and what to do, and no stack", () => {
  expect(shown(sageError("SAGE_X", "the port is wrong", "Take another."))).toBe("error: the port is wrong\n  next: Take another.\n");
});

test("SAGE_DEBUG adds the stacks of the error and of its causes", () => {
  const error = new SageError("outer", { code: "SAGE_X", fault: "user", cause: new Error("inner") });
  expect(shown(error)).toBe("error: outer\n  because: inner\n");
  expect(shown(error, true)).toMatch(/SageError: outer\n.*at .*render-error\.test.*caused by Error: inner/s);
});

test("a failed operator shows its place and the user's own lines", () => {
  const error = new JobFailedError("id", "demo", {
    code: "SAGE_OPERATOR_FAILED", fault: "user", message: "cannot take 30", operator: "Fragile", index: 1, recordNumber: 3,
    stack: "Error: cannot take 30\n    at Fragile.execute (programs/throws.ts:6:13)",
  });
  expect(shown(error)).toBe('error: job "demo" failed in operator Fragile[1], record 3: cannot take 30\n    at Fragile.execute (programs/throws.ts:6:13)\n');
  expect(errorJson(error)).toEqual({ error: expect.objectContaining({ code: "SAGE_JOB_FAILED", exitCode: 1, operator: "Fragile", index: 1, recordNumber: 3, stack: expect.arrayContaining(["at Fragile.execute (programs/throws.ts:6:13)"]) }) });
});

test("hostile text in an error cannot steer the terminal", () => {
  const text = shown(sageError("SAGE_X", "bad\u001b[2J\nmore\u0007", "x\u009b"));
  expect(text.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  expect(text).toContain("bad\\e[2J\nmore\\u{7}\n");
});

test("each class of failure has its exit code", () => {
  const codes = {
    SAGE_USAGE: 2, SAGE_CONFIG: 2, SAGE_CONFIG_CHANGED: 2, SAGE_JOB_AMBIGUOUS: 2, SAGE_JOB_NOT_FOUND: 3, SAGE_DAEMON_UNREACHABLE: 4,
    SAGE_HOSTS_PARTIAL: 5, SAGE_TIMEOUT: 124, SAGE_AUTOSTOP_TIMEOUT: 124, SAGE_INTERRUPTED: 130, SAGE_JOB_FAILED: 1, SAGE_JOB_INVALID: 1,
  };
  expect(Object.fromEntries(Object.keys(codes).map((code) => [code, exitCodeOf(sageError(code))]))).toEqual(codes);
  expect(exitCodeOf(new TypeError("x"))).toBe(1);
});
