// A daemon for tests: in this process, in a temporary home, with scripted workers as real processes.

import { newJobId } from "@sage/core";
import { callClientStream, callUnary, jobsClient, type JobsClient, type JobView, type Plan, type SubmitRequestInit } from "@sage/protocol";
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startDaemon, type Daemon, type DaemonOptions } from "../compose.ts";

export const deadlineMs = 60_000;

/** One file of JavaScript made of a source of this package. */
export async function bundled(source: string, outfile: string): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(new URL(source, import.meta.url))], outfile, bundle: true, platform: "node", target: "node20.19", format: "esm",
    conditions: ["sage-source"], logLevel: "error", external: ["libsql"],
    banner: { js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);' },
  });
  return outfile;
}

export interface TestDaemon extends AsyncDisposable {
  readonly daemon: Daemon;
  readonly client: JobsClient;
  readonly target: string;
  readonly home: string;
  /** Uploads the bundle and submits a job whose workers follow `script`. */
  submit(script: string, plan?: Plan, more?: SubmitRequestInit): Promise<JobView>;
}

export async function makeTempDir(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "sage-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A directory from which the package's own dependencies can be imported. */
export async function packageTempDir(): Promise<{ readonly path: string } & AsyncDisposable> {
  const dist = fileURLToPath(new URL("../../dist", import.meta.url));
  await mkdir(dist, { recursive: true });
  const path = await mkdtemp(join(dist, "test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export const bundleText = "export default 1;\n";
export const sha256 = (text: string | Uint8Array): string => createHash("sha256").update(text).digest("hex");

/** @param home - a temporary one by default; a given one is kept. */
export async function startTestDaemon(workerEntry: string, options: Partial<DaemonOptions> = {}): Promise<TestDaemon> {
  const temporary = options.home === undefined ? await makeTempDir() : undefined;
  const home = options.home ?? temporary?.path ?? "";
  const daemon = await startDaemon({ port: 0, workerEntry, heartbeatIntervalMs: 100, ...options, home });
  const target = `127.0.0.1:${daemon.port}`;
  const client = jobsClient(target);
  await upload(client, bundleText);
  return {
    daemon, client, target, home,
    submit: (script, plan = planOf(), more = {}) => callUnary(client, "Submit", submission(script, plan, more), { deadlineMs }),
    [Symbol.asyncDispose]: async () => {
      client.close();
      await daemon[Symbol.asyncDispose]();
      await temporary?.[Symbol.asyncDispose]();
    },
  };
}

export async function upload(client: JobsClient, text: string, hash = sha256(text), size = Buffer.byteLength(text)): Promise<boolean> {
  const chunks = [{ hash, size }, ...Array.from({ length: Math.ceil(text.length / 1_000) }, (_, i) => ({ data: Buffer.from(text.slice(i * 1_000, (i + 1) * 1_000)) }))];
  return (await callClientStream(client, "UploadArtifact", chunks, { deadlineMs })).alreadyKnown;
}

export function submission(script: string, plan: Plan, more: SubmitRequestInit = {}): SubmitRequestInit {
  return {
    jobId: newJobId(), name: `test ${script}`, planJson: JSON.stringify(plan), bundleHash: sha256(bundleText),
    paramsJson: "{\"n\":1}", env: { SCRIPT: script }, ...more,
  };
}

/** source → (collect | sink), in one chain. */
export function planOf({ parallelism = 2, end = "sink", loop = false }: { parallelism?: number; end?: "sink" | "collect"; loop?: boolean } = {}): Plan {
  const node = { parallelism, fingerprint: "f", concurrency: 1, ordered: true, onError: "fail" as const };
  return {
    version: 1, name: "test", parallelism, maxParallelism: 128, slots: parallelism, fingerprint: "the plan",
    nodes: [{ ...node, id: "source", kind: "batch", name: "NumberBatch" }, { ...node, id: end, kind: end, name: "End" }],
    edges: [{ from: "source", to: end, port: 0, partitioning: "forward", feedback: false, chained: true, keyed: false }],
    chains: [{ id: "source", name: "NumberBatch → End", parallelism, nodes: ["source", end] }],
    loops: loop ? [{ id: "future", futures: ["future"], chains: ["source"] }] : [],
    services: [],
  };
}
