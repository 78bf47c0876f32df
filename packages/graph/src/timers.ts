// Timers as user code sees them: per key, and each time once, however often it is asked for.

/** Timers of the current key; only behind `keyBy`. They are part of the operator's state. */
export interface Timers {
  /**
   * Calls `onTimer` for the current key once the watermark has reached `timeMs`, with the next watermark if it has already;
   * at the end of the input, all that are left fire in order of their time. Asking twice for the same time is asking once.
   */
  onEventTime(timeMs: number): void;
  /** The same by the machine's clock. Those still waiting when the input ends do not fire. */
  onProcessingTime(timeMs: number): void;
  deleteEventTime(timeMs: number): void;
  deleteProcessingTime(timeMs: number): void;
  /** How far event time has come here: no record of this time or an earlier one is expected. -Infinity at first. */
  readonly watermarkMs: number;
  /** The machine's clock, in milliseconds since the epoch. */
  nowMs(): number;
}
