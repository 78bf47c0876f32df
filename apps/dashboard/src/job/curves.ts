// What of a job is drawn over time: its throughput, its latency, its lag. Pure.

import type { JobSampleJson } from "@sage/protocol/json";
import { showDuration, showRate } from "../format.ts";

export type CurvePoint = readonly [atMs: number, value: number];

export interface Curve {
  readonly id: "throughput" | "latency" | "lag";
  readonly label: string;
  readonly points: readonly CurvePoint[];
  readonly show: (value: number) => string;
}

const mostPoints = 240;

/** Throughput always; latency and lag where something has measured them. */
export function curvesOf(samples: readonly JobSampleJson[]): readonly Curve[] {
  const kept = thinned(samples);
  const latency = kept.flatMap(([atMs, , latencyMs]): CurvePoint[] => (latencyMs === null ? [] : [[atMs, latencyMs]]));
  const lag = kept.flatMap(([atMs, , , lagMs]): CurvePoint[] => (lagMs === null ? [] : [[atMs, lagMs]]));
  return [
    { id: "throughput", label: "Throughput", points: ratesOf(samples), show: showRate },
    { id: "latency", label: "Latency, 99th percentile", points: latency, show: showDuration },
    ...(lag.length > 0 ? [{ id: "lag", label: "Watermark lag", points: lag, show: showDuration } as const] : []),
  ];
}

/** Records per second between samples. */
export function ratesOf(samples: readonly (readonly [atMs: number, records: number, ...unknown[]])[]): readonly CurvePoint[] {
  const kept = thinned(samples);
  return kept.slice(1).flatMap(([atMs, count], index) => {
    const [beforeMs, before] = kept[index]!;
    return atMs > beforeMs ? [[atMs, Math.max(0, ((count - before) * 1_000) / (atMs - beforeMs))] as const] : [];
  });
}

/** As many as fit, the last one included. */
function thinned<T>(samples: readonly T[]): readonly T[] {
  const step = Math.max(1, Math.ceil((samples.length - 1) / mostPoints));
  return samples.filter((_, index) => index % step === 0 || index === samples.length - 1);
}
