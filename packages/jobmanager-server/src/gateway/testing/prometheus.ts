// Prometheus' text as tests look at it: through a parser that is not ours.

import parse from "parse-prometheus-text-format";

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export function parsePlainText(text: string): ReadonlyMap<string, readonly Sample[]> {
  return new Map(parse(text).map(({ name, metrics }) => [name, metrics.map(({ labels = {}, value }) => ({ labels, value: Number(value) }))]));
}
