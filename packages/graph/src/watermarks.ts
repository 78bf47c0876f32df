// Event time as a program states it: which moment a record belongs to, and how far event time has come.
//
// A watermark of t says: no record with a time of t or less is expected any more. It goes along between the records.

import { InvalidOperatorError } from "./errors.ts";
import type { OperatorOptions } from "./graph.ts";

/** How far event time has come, and when that is said. */
export interface WatermarkOptions extends OperatorOptions {
  /** Records come at most so late behind the latest one, in milliseconds; default 0: times only grow, equal ones included. */
  readonly maxOutOfOrdernessMs?: number;
  /** After so long without a record, nobody waits for this stream's watermark until the next one comes; default: never. */
  readonly idleAfterMs?: number;
  /**
   * "periodic" (default): a new watermark goes out every few milliseconds, and as soon as the source has nothing more to
   * give for now. "record": before the next record, always; exact and repeatable, and dearer where records cross workers.
   */
  readonly emit?: "periodic" | "record";
  /** The pause between periodic watermarks, in milliseconds; default 10. */
  readonly everyMs?: number;
  /** Streams of one group go through event time together: one that is too far ahead of the slowest rests. */
  readonly alignment?: WatermarkAlignment;
  /** Makes a watermark generator per parallel instance, instead of the bounded out-of-orderness above. */
  readonly generator?: () => WatermarkGenerator<never>;
}

/** Keeps streams together in event time, so that operators behind them need not keep what the slow ones have not reached. */
export interface WatermarkAlignment {
  /** Streams with the same name, all their instances, on all workers. */
  readonly group: string;
  /** So far a stream's watermark may be ahead of the group's least one, in milliseconds; idle and ended ones do not count. */
  readonly maxDriftMs: number;
  /** How often streams compare, in milliseconds; default 1,000. */
  readonly updateIntervalMs?: number;
}

/** Takes watermarks; one that does not go beyond the last is ignored. */
export interface WatermarkOutput {
  /** @param timeMs - no record of this time or an earlier one is expected any more. */
  emit(timeMs: number): void;
  /** Nobody waits for this stream until its next record. */
  markIdle(): void;
}

/** Watches the records of one instance and says how far event time has come. */
export interface WatermarkGenerator<T> {
  /** Called with every record; emit here for watermarks that stand in the data: they go out before the next record. */
  onEvent(record: T, timeMs: number, output: WatermarkOutput): void;
  /** Called every `everyMs` while records come, and when none do. */
  onPeriodic?(output: WatermarkOutput): void;
}

/** With its defaults. @throws {@link InvalidOperatorError} */
export function checkedAlignment({ group, maxDriftMs, updateIntervalMs = 1_000 }: WatermarkAlignment): Required<WatermarkAlignment> {
  const fail = (what: string) => { throw new InvalidOperatorError("assignTimestamps", what); };
  if (typeof group !== "string" || group === "") fail("alignment.group must be a name");
  if (!(maxDriftMs >= 0)) fail(`alignment.maxDriftMs must be 0 or more, not ${String(maxDriftMs)}`);
  if (!(updateIntervalMs > 0)) fail(`alignment.updateIntervalMs must be more than 0, not ${String(updateIntervalMs)}`);
  return { group, maxDriftMs, updateIntervalMs };
}
