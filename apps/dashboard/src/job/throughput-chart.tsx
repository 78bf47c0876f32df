// Records per second over a job's life: an area with a line, a scale that ends on round numbers, and a reader's line.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { showClock, showCount, showRate } from "../format.ts";

export interface ThroughputChartProps {
  /** `[ms since the epoch, records so far]` */
  readonly samples: readonly (readonly [number, number])[];
  readonly ended: boolean;
}

const height = 190;
const edge = { left: 52, right: 12, top: 12, bottom: 24 };
const mostPoints = 240;

/** Rates between samples, at most {@link mostPoints}. */
export function ratesOf(samples: ThroughputChartProps["samples"]): readonly (readonly [atMs: number, rate: number])[] {
  const step = Math.max(1, Math.ceil((samples.length - 1) / mostPoints));
  const kept = samples.filter((_, index) => index % step === 0 || index === samples.length - 1);
  return kept.slice(1).flatMap(([atMs, count], index) => {
    const [beforeMs, before] = kept[index]!;
    return atMs > beforeMs ? [[atMs, Math.max(0, ((count - before) * 1_000) / (atMs - beforeMs))] as const] : [];
  });
}

/** The least of 1, 2, 2.5, 5 × 10ⁿ that is not less. */
export function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= value * 0.9999) ?? 10) * power;
}

export function ThroughputChart({ samples, ended }: ThroughputChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  const [pointer, setPointer] = useState<number | undefined>(undefined);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const resized = new ResizeObserver(() => setWidth(Math.max(240, element.clientWidth)));
    resized.observe(element);
    return () => resized.disconnect();
  }, []);
  const rates = ratesOf(samples);
  const [first, last] = [rates[0], rates.at(-1)];
  if (!first || !last || rates.length < 2) return <div ref={frame} class="chart-empty muted">{ended ? "The job ended before there was a rate to draw, or an earlier daemon ran it." : "Throughput appears when the job has run for a few seconds."}</div>;
  const top = niceCeiling(Math.max(...rates.map(([, rate]) => rate)));
  const x = (atMs: number) => edge.left + ((atMs - first[0]) / (last[0] - first[0])) * (width - edge.left - edge.right);
  const y = (rate: number) => height - edge.bottom - (rate / top) * (height - edge.top - edge.bottom);
  const line = rates.map(([atMs, rate], index) => `${index === 0 ? "M" : "L"}${x(atMs).toFixed(1)} ${y(rate).toFixed(1)}`).join("");
  const markCount = Math.max(2, Math.min(6, Math.floor(width / 150), Math.floor((last[0] - first[0]) / 1_000) + 1));
  const marks = Array.from({ length: markCount }, (_, index) => first[0] + ((last[0] - first[0]) * index) / (markCount - 1));
  const near = pointer === undefined ? undefined : rates.reduce((best, rate) => (Math.abs(x(rate[0]) - pointer) < Math.abs(x(best[0]) - pointer) ? rate : best));
  const highest = Math.max(...rates.map(([, rate]) => rate));
  return (
    <div ref={frame} class="chart">
      <svg width={width} height={height} role="img" aria-label={`Throughput: ${showRate(last[1])} at the end, at most ${showRate(highest)}`}
        onPointerMove={(event) => setPointer(event.clientX - event.currentTarget.getBoundingClientRect().left)} onPointerLeave={() => setPointer(undefined)}>
        {[0, 0.5, 1].map((part) => (
          <g key={part}>
            <line class="grid" x1={edge.left} x2={width - edge.right} y1={y(top * part)} y2={y(top * part)} />
            <text class="tick" x={edge.left - 8} y={y(top * part) + 4} text-anchor="end">{showCount(top * part)}</text>
          </g>
        ))}
        {marks.map((atMs, index) => <text key={index} class="tick" x={x(atMs)} y={height - 6} text-anchor={index === 0 ? "start" : index === marks.length - 1 ? "end" : "middle"}>{showClock(new Date(atMs).toISOString()).slice(0, 8)}</text>)}
        <path class="area" d={`${line}L${x(last[0]).toFixed(1)} ${y(0)}L${x(first[0]).toFixed(1)} ${y(0)}Z`} />
        <path class="line" d={line} />
        {near ? (
          <g>
            <line class="reader" x1={x(near[0])} x2={x(near[0])} y1={edge.top} y2={height - edge.bottom} />
            <circle class="dot" cx={x(near[0])} cy={y(near[1])} r="4" />
          </g>
        ) : null}
      </svg>
      {near ? <div class="chart-words" style={{ left: `${Math.min(width - 150, Math.max(edge.left, x(near[0]) + 10))}px` }}>{showRate(near[1])}<small>{showClock(new Date(near[0]).toISOString()).slice(0, 8)}</small></div> : null}
    </div>
  );
}
