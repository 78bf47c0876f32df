import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { fromStatus, toStatus } from "./status.ts";

const call = { target: "127.0.0.1:1", path: "/sage.v1.Jobs/Submit" };
const asServiceError = (error: unknown): ServiceError => {
  const { code, details, metadata } = toStatus(error);
  return Object.assign(new Error(String(details)), { code: code!, details: String(details), metadata: metadata as Metadata });
};

test.each(["ENOSPC", "EDQUOT", "SQLITE_FULL"])("a disk that is full (%s) is told as that, not as an internal error", (code) => {
  expect(fromStatus(asServiceError(Object.assign(new Error("write"), { code })), call)).toMatchObject({ code: "SAGE_DISK_FULL", message: "the daemon's disk is full" });
});

test("what another error says stays in the server's log", () => {
  const seen = fromStatus(asServiceError(new Error("token 123")), call);
  expect(seen).toMatchObject({ code: "SAGE_CALL_FAILED" });
  expect(String((seen as Error).message)).not.toContain("123");
});

test("a daemon that is not there is told with the socket's error, without grpc-js' words around it", () => {
  const details = "No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ";
  const error = Object.assign(new Error(details), { code: status.UNAVAILABLE, details, metadata: new Metadata() });
  expect((fromStatus(error, call) as Error).message).toBe("no JobManager daemon answers at 127.0.0.1:1 (connect ECONNREFUSED 127.0.0.1:1)");
});
