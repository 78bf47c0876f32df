import { helloProof, newNonce, workerProof, type Hello, type StateOwner } from "@sage/protocol";
import { expect, test } from "vitest";
import type { AttemptFiles } from "./attempt-files.ts";
import { WorkerRegistry, type AttachPoint } from "./worker-registry.ts";

const secretHex = "00".repeat(32);
const files = {} as AttemptFiles;
const point: AttachPoint = { jobId: "job", attempt: 2, secretHex, files, attach: () => undefined };
const refused = expect.objectContaining({ code: "SAGE_WORKER_REFUSED" }) as Error;

function registryWith(): WorkerRegistry {
  const registry = new WorkerRegistry({ heartbeatIntervalMs: 1, gracePeriodMs: 1 });
  registry.add(point);
  return registry;
}

function ownerFor({ daemonNonce }: WorkerRegistry, purpose: string, serial: number, { attempt = 2, secret = secretHex } = {}): StateOwner {
  const facts = { jobId: "job", attempt, workerIndex: 0, workerId: "w", nonce: newNonce() };
  return { ...facts, serial, proof: workerProof(secret, facts, { daemonNonce, purpose, serial }) };
}

test("a proof opens what it is for, once", () => {
  const registry = registryWith();
  const owner = ownerFor(registry, "StateDownload aa", 1);
  expect(registry.filesOf(owner, "StateDownload aa")).toBe(files);
  expect(() => registry.filesOf(owner, "StateDownload aa")).toThrow(refused);
});

test("a proof is none for another file, another serial number, another attempt, another secret, or the next daemon", () => {
  const registry = registryWith();
  const wrong: StateOwner[] = [
    ownerFor(registry, "StateDownload bb", 1), { ...ownerFor(registry, "StateDownload aa", 1), serial: 2 }, ownerFor(registry, "StateDownload aa", 3, { attempt: 1 }),
    ownerFor(registry, "StateDownload aa", 4, { secret: "11".repeat(32) }), ownerFor(registryWith(), "StateDownload aa", 5),
  ];
  for (const owner of wrong) expect(() => registry.filesOf(owner, "StateDownload aa")).toThrow(refused);
  expect(registry.filesOf(ownerFor(registry, "StateDownload aa", 1), "StateDownload aa")).toBe(files); // a refused one uses no number up
});

test("beyond 2,500 workers all are asked for heartbeats half as often, until there are 2,000 again", () => {
  const registry = new WorkerRegistry({ heartbeatIntervalMs: 1_000, gracePeriodMs: 1 });
  registry.add({ ...point, attach: () => ({ onMessage: () => undefined, onClosed: () => {} }) });
  const attach = () => {
    const facts = { jobId: "job", attempt: 2, workerIndex: 0, workerId: "w", nonce: newNonce() };
    const asked: unknown[] = [];
    const { welcome, session } = registry.attach({ ...facts, proof: helloProof(secretHex, facts, registry.daemonNonce) } as Hello, {
      send: ({ pace }) => void asked.push(pace?.heartbeatIntervalMs), close: () => {},
    });
    asked.push(welcome.heartbeatIntervalMs);
    return { asked, session };
  };
  const all = Array.from({ length: 2_501 }, attach);
  expect([all[0], all[2_499], all[2_500]].map((each) => each?.asked)).toEqual([[1_000, 2_000], [1_000, 2_000], [2_000]]);
  for (const { session } of all.slice(0, 500)) session.onClosed();
  expect([attach(), all[2_500]].map((each) => each?.asked)).toEqual([[2_000], [2_000]]);
  for (const { session } of all.slice(500, 502)) session.onClosed();
  expect([attach(), all[2_500], all[0]].map((each) => each?.asked)).toEqual([[1_000], [2_000, 1_000], [1_000, 2_000]]);
});
