// How far apart in time two records may be that an interval join joins.

import { InvalidOperatorError } from "./errors.ts";
import type { OperatorOptions } from "./graph.ts";

/** A left record of time t meets right ones from `t + lowerMs` to `t + upperMs`; both ends count unless they are excluded. */
export interface Interval {
  /** In milliseconds; negative: earlier than the left record. */
  readonly lowerMs: number;
  readonly upperMs: number;
  readonly lowerExclusive?: boolean;
  readonly upperExclusive?: boolean;
}

export type IntervalSettings = Required<Interval>;

/** @throws InvalidOperatorError for an interval that holds nothing. */
export function intervalSettings({ lowerMs, upperMs, lowerExclusive = false, upperExclusive = false }: Interval): IntervalSettings {
  if (!(lowerMs <= upperMs)) throw new InvalidOperatorError("intervalJoin", `lowerMs (${String(lowerMs)}) must not be more than upperMs (${String(upperMs)})`);
  return { lowerMs, upperMs, lowerExclusive, upperExclusive };
}

export interface WindowJoinOptions extends OperatorOptions {
  /** A window stays so long after the watermark has passed its end, and is joined again for every record that comes yet. Default 0. */
  readonly allowedLatenessMs?: number;
}
