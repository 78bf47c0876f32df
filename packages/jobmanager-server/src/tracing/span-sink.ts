// Spans by OTLP over http: OpenTelemetry's own packages, which read the usual OTEL_… variables themselves. Loaded only
// where an endpoint is set.

import { SpanKind, SpanStatusCode, trace, ROOT_CONTEXT, TraceFlags } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { systemClock } from "@sage/core";
import { createHash, randomBytes } from "node:crypto";
import type { JobSpan } from "./job-spans.ts";
import type { SpanSink } from "./job-traces.ts";

const shutdownMs = 3_000;

/** Everything of a job is one trace, whichever daemon's life it falls into: its ids follow from the job's. */
function idsOf(jobId: string): { readonly traceId: string; readonly rootId: string } {
  const hex = createHash("sha256").update(`trace ${jobId}`).digest("hex");
  return { traceId: hex.slice(0, 32), rootId: hex.slice(32, 48) };
}

/** @param version - of the daemon. */
export function openSpanSink(version: string): SpanSink {
  const next = { traceId: "", spanId: "" };
  const idGenerator = { generateTraceId: () => next.traceId, generateSpanId: () => next.spanId };
  const own = resourceFromAttributes({ "service.name": "sage-jobmanager", "service.version": version });
  const resource = defaultResource().merge(own).merge(detectResources({ detectors: [envDetector] }));
  const provider = new TracerProvider({ resource, idGenerator, spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })] });
  const tracer = provider.getTracer("sage", version);
  return {
    send(jobId: string, { name, startMs, endMs, attributes, error }: JobSpan) {
      const { traceId, rootId } = idsOf(jobId);
      const isRoot = name === "submit";
      next.traceId = traceId;
      next.spanId = isRoot ? rootId : randomBytes(8).toString("hex");
      const parent = isRoot ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: rootId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
      const span = tracer.startSpan(name, { startTime: startMs, kind: isRoot ? SpanKind.SERVER : SpanKind.INTERNAL, attributes }, parent);
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
      span.end(endMs);
    },
    async [Symbol.asyncDispose]() {
      const timer = new AbortController();
      await Promise.race([provider.shutdown().catch(() => {}), systemClock.sleep(shutdownMs, timer.signal).catch(() => {})]); // a collector that is away holds up no end
      timer.abort();
    },
  };
}
