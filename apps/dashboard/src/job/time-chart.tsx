// A figure over a job's life: an area with a line, a scale that ends on round numbers, and a reader's line.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { showClock } from "../format.ts";
import type { Curve } from "./curves.ts";

export interface TimeChartProps {
  readonly curve: Curve;
  /** What stands in its place where there is too little to draw. */
  readonly nothing: string;
}

const height = 170;
const edge = { left: 52, right: 12, top: 12, bottom: 24 };

/** The least of 1, 2, 2.5, 5 × 10ⁿ that is not less. */
export function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= value * 0.9999) ?? 10) * power;
}

export function TimeChart({ curve: { label, points, show }, nothing }: TimeChartProps) {
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
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) return <div ref={frame} class="chart"><h3>{label}</h3><p class="chart-empty muted">{nothing}</p></div>;
  const highest = Math.max(...points.map(([, value]) => value));
  const top = niceCeiling(highest);
  const x = (atMs: number) => edge.left + ((atMs - first[0]) / (last[0] - first[0])) * (width - edge.left - edge.right);
  const y = (value: number) => height - edge.bottom - (value / top) * (height - edge.top - edge.bottom);
  const line = points.map(([atMs, value], index) => `${index === 0 ? "M" : "L"}${x(atMs).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  const markCount = Math.max(2, Math.min(6, Math.floor(width / 150), Math.floor((last[0] - first[0]) / 1_000) + 1));
  const marks = Array.from({ length: markCount }, (_, index) => first[0] + ((last[0] - first[0]) * index) / (markCount - 1));
  const near = pointer === undefined ? undefined : points.reduce((best, point) => (Math.abs(x(point[0]) - pointer) < Math.abs(x(best[0]) - pointer) ? point : best));
  return (
    <div ref={frame} class="chart">
      <h3>{label}</h3>
      <svg width={width} height={height} role="img" aria-label={`${label}: ${show(last[1])} at the end, at most ${show(highest)}`}
        onPointerMove={(event) => setPointer(event.clientX - event.currentTarget.getBoundingClientRect().left)} onPointerLeave={() => setPointer(undefined)}>
        {[0, 0.5, 1].map((part) => (
          <g key={part}>
            <line class="grid" x1={edge.left} x2={width - edge.right} y1={y(top * part)} y2={y(top * part)} />
            <text class="tick" x={edge.left - 8} y={y(top * part) + 4} text-anchor="end">{show(top * part)}</text>
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
      {near ? <div class="chart-words" style={{ left: `${Math.min(width - 150, Math.max(edge.left, x(near[0]) + 10))}px` }}>{show(near[1])}<small>{showClock(new Date(near[0]).toISOString()).slice(0, 8)}</small></div> : null}
    </div>
  );
}
