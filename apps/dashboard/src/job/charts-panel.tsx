// A job over time: how much, how fast, how far behind.

import type { JobSampleJson } from "@sage/protocol/json";
import { curvesOf } from "./curves.ts";
import { TimeChart } from "./time-chart.tsx";

const nothing = {
  throughput: ["Throughput appears when the job has run for a few seconds.", "The job ended before there was a rate to draw, or an earlier daemon ran it."],
  latency: ["Latency appears when markers of the sources have reached the end of a path.", "No marker of a source had reached the end of a path, or an earlier daemon ran the job."],
  lag: ["The lag appears with the next figures.", "There is too little to draw."],
} as const;

export function ChartsPanel({ samples, ended }: { readonly samples: readonly JobSampleJson[]; readonly ended: boolean }) {
  return <div class="charts">{curvesOf(samples).map((curve) => <TimeChart key={curve.id} curve={curve} nothing={nothing[curve.id][ended ? 1 : 0]} />)}</div>;
}
