import { mkdtemp } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundled, makeTempDir, planOf, startTestDaemon, type TestDaemon } from "../testing/test-daemon.ts";
import { isTracingOn } from "./job-traces.ts";

interface Sent {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
  readonly service: string;
}

/** Takes OTLP as JSON, as a collector does. */
class Receiver {
  readonly spans: Sent[] = [];
  readonly #server: Server;
  constructor() {
    this.#server = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (part: string) => { text += part; }).on("end", () => {
        const { resourceSpans } = JSON.parse(text) as { resourceSpans: { resource: { attributes: { key: string; value: { stringValue: string } }[] }; scopeSpans: { spans: Sent[] }[] }[] };
        for (const { resource, scopeSpans } of resourceSpans) {
          const service = resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? "";
          for (const span of scopeSpans.flatMap(({ spans }) => spans)) this.spans.push({ ...span, service });
        }
        response.writeHead(200, { "content-type": "application/json" }).end("{}");
      });
    });
  }
  listen(): Promise<number> {
    return new Promise((resolve) => { this.#server.listen(0, "127.0.0.1", () => resolve((this.#server.address() as AddressInfo).port)); });
  }
  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let dir: Awaited<ReturnType<typeof makeTempDir>>;
let worker = "";
beforeAll(async () => {
  dir = await makeTempDir();
  worker = await bundled("./ledger-worker.ts", join(dir.path, "worker.mjs"));
});
afterAll(() => dir[Symbol.asyncDispose]());

const ledgerJob = (ledger: string) => ({ checkpoints: { intervalMs: 50, keep: 3 }, restart: { exponential: { initialMs: 10, attempts: 5 } }, env: { SCRIPT: "", LEDGER: ledger, KILL_AT: "written@2" } });

async function completed(daemon: TestDaemon, jobId: string): Promise<void> {
  for await (const { record } of daemon.daemon.jobs.watch(jobId, 20, AbortSignal.timeout(60_000))) if (record.phase === "completed") return;
}

test("submit, deploy, checkpoints and a recovery are one trace, which a collector takes over http", async () => {
  const receiver = new Receiver();
  const port = await receiver.listen();
  process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = `http://127.0.0.1:${port}`;
  let jobId = "";
  try {
    await using daemon = await startTestDaemon(worker);
    ({ jobId } = await daemon.submit("ledger", planOf(), ledgerJob(await mkdtemp(join(dir.path, "ledger-")))));
    await completed(daemon, jobId);
  } finally {
    delete process.env["OTEL_EXPORTER_OTLP_ENDPOINT"];
    receiver.close();
  }
  const [submit, ...others] = [...receiver.spans].sort((a, b) => (a.name === "submit" ? -1 : b.name === "submit" ? 1 : 0));
  expect(submit).toMatchObject({ name: "submit", service: "sage-jobmanager", attributes: expect.arrayContaining([{ key: "sage.job.id", value: { stringValue: jobId } }]) });
  for (const span of others) {
    expect(span).toMatchObject({ traceId: submit!.traceId, parentSpanId: submit!.spanId });
    expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
  }
  const count = (name: string) => others.filter((span) => span.name === name).length;
  expect([count("submit"), count("deploy"), count("recovery")]).toEqual([0, 1, 1]);
  expect(count("checkpoint")).toBeGreaterThan(1);
});

test("a collector that is away holds up neither a job nor the daemon's end", async () => {
  process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1";
  try {
    await using daemon = await startTestDaemon(worker);
    const { jobId } = await daemon.submit("ledger", planOf(), ledgerJob(await mkdtemp(join(dir.path, "ledger-"))));
    await completed(daemon, jobId);
  } finally {
    delete process.env["OTEL_EXPORTER_OTLP_ENDPOINT"];
  }
});

test("traces are on where the usual variables name an endpoint, unless the SDK is disabled", () => {
  expect(isTracingOn({})).toBe(false);
  expect(isTracingOn({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://c/v1/traces" })).toBe(true);
  expect(isTracingOn({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c", OTEL_SDK_DISABLED: "true" })).toBe(false);
});
