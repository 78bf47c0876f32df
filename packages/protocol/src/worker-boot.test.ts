import { expect, test } from "vitest";
import { parseWorkerBoot } from "./worker-boot.ts";
import { newNonce, sameProof, workerProof } from "./worker-proof.ts";

const boot = {
  version: 1, jobId: "j", attempt: 1, workerIndex: 0, workerId: "w", daemonAddress: "127.0.0.1:1", secretHex: "00ff", host: "h",
  dataListen: "unix:/tmp/x", tempDir: "/tmp", gracePeriodMs: 1000,
};

test("a worker's first line comes back as it was", () => {
  expect(parseWorkerBoot(JSON.stringify(boot))).toEqual(boot);
});

test.each([
  ["", "JSON object"], ["null", "JSON object"], [JSON.stringify({ ...boot, version: 9 }), "version 9"],
  [JSON.stringify({ ...boot, tempDir: 1 }), "tempDir"], [JSON.stringify({ ...boot, attempt: "1" }), "attempt"],
])("a wrong first line %s is refused with what is wrong, without showing the line", (line, what) => {
  expect(() => parseWorkerBoot(line)).toThrow(what);
  expect(() => parseWorkerBoot(line)).not.toThrow("00ff");
});

test("a proof is good for one worker of one attempt with one nonce and secret", () => {
  const facts = { jobId: "j", attempt: 1, workerIndex: 0, workerId: "w", nonce: newNonce() };
  const scope = { daemonNonce: newNonce(), purpose: "attach", serial: 0 };
  const proof = workerProof("00ff", facts, scope);
  expect(sameProof(workerProof("00ff", { ...facts }, { ...scope }), proof)).toBe(true);
  for (const other of [{ jobId: "k" }, { attempt: 2 }, { workerIndex: 1 }, { workerId: "v" }, { nonce: newNonce() }]) {
    expect(sameProof(workerProof("00ff", { ...facts, ...other }, scope), proof)).toBe(false);
  }
  for (const other of [{ daemonNonce: newNonce() }, { purpose: "pulse" }, { serial: 1 }]) {
    expect(sameProof(workerProof("00ff", facts, { ...scope, ...other }), proof)).toBe(false);
  }
  expect(sameProof(workerProof("00fe", facts, scope), proof)).toBe(false);
  expect(sameProof(Buffer.alloc(3), proof)).toBe(false);
});
