import { peerLostCode } from "@sage/protocol";
import { expect, test } from "vitest";
import * as cause from "./cause.ts";

const reported = (code: string) => cause.reportedBy(cause.failureOf({ code, fault: "user", message: code }, 1), "host", 2);

test("the first cause stays", () => {
  const first = reported("SAGE_A");
  expect(cause.betterCause(first, reported("SAGE_B"))).toBe(first);
});

test("a worker that lost another gives way to what happened to the other", () => {
  const lost = cause.exitedWorker(1, "host", { code: null, signal: "SIGKILL" }, true, "", 1);
  expect(cause.betterCause(reported(peerLostCode), lost)).toBe(lost);
  expect(cause.betterCause(cause.detachedWorker(0, "host", 1), lost)).toBe(lost);
});

test("a report keeps its own host and gets the worker's if it has none", () => {
  expect(reported("SAGE_A").failure).toMatchObject({ host: "host", atMs: 1 });
});
