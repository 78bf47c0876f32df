// When a window's result goes out: the triggers, and what a trigger of one's own can use.

import type { TimeWindow } from "./window-specs.ts";

/** Fire: emit the window's result. Purge: forget its records, and go on. */
export type TriggerResult = "continue" | "fire" | "purge" | "fire-and-purge";

/** What a trigger sees of its window, of one key. */
export interface TriggerContext {
  readonly window: TimeWindow;
  /** How far event time has come; -Infinity before the first watermark. */
  readonly watermarkMs: number;
  /** Calls `onEventTime` when the watermark reaches `timeMs`; at once if it has. */
  onEventTime(timeMs: number): void;
  /** Calls `onProcessingTime` when the clock reaches `timeMs`. */
  onProcessingTime(timeMs: number): void;
  deleteEventTime(timeMs: number): void;
  deleteProcessingTime(timeMs: number): void;
  /** The machine's clock. */
  nowMs(): number;
  /** Plain data of the trigger's own, per key and window; undefined at first. */
  state: unknown;
}

/** Decides per key and window. Its methods must not wait. */
export interface Trigger<T> {
  onRecord(record: T, timeMs: number, ctx: TriggerContext): TriggerResult;
  onEventTime?(timeMs: number, ctx: TriggerContext): TriggerResult;
  onProcessingTime?(timeMs: number, ctx: TriggerContext): TriggerResult;
  /** Two sessions became one, in `ctx`, whose state is still unset: `states` are theirs. Needed for session windows. */
  onMerge?(states: readonly unknown[], ctx: TriggerContext): void;
}

/** Fires when the watermark passes the window's end, and for every record that comes later than that. The default of event-time windows. */
export const eventTimeTrigger = (): Trigger<unknown> => ({
  onRecord: (_record, _timeMs, ctx) => {
    if (ctx.window.endMs - 1 <= ctx.watermarkMs) return "fire";
    ctx.onEventTime(ctx.window.endMs - 1);
    return "continue";
  },
  onEventTime: (timeMs, ctx) => (timeMs === ctx.window.endMs - 1 ? "fire" : "continue"),
  onMerge: (_states, ctx) => {
    if (ctx.window.endMs - 1 > ctx.watermarkMs) ctx.onEventTime(ctx.window.endMs - 1);
  },
});

/** Fires when the clock passes the window's end. The default of processing-time windows. */
export const processingTimeTrigger = (): Trigger<unknown> => ({
  onRecord: (_record, _timeMs, ctx) => {
    ctx.onProcessingTime(ctx.window.endMs - 1);
    return "continue";
  },
  onProcessingTime: () => "fire",
  onMerge: (_states, ctx) => ctx.onProcessingTime(ctx.window.endMs - 1),
});

/** Fires with every `size` records of a window, which stay in it. */
export const countTrigger = (size: number): Trigger<unknown> => ({
  onRecord: (_record, _timeMs, ctx) => {
    const seen = ((ctx.state as number | undefined) ?? 0) + 1;
    ctx.state = seen < size ? seen : undefined;
    return seen < size ? "continue" : "fire";
  },
  onMerge: (states, ctx) => {
    ctx.state = states.reduce<number>((sum, state) => sum + ((state as number | undefined) ?? 0), 0);
  },
});

/** Fires early, every `everyMs` of event time since the epoch, and at the window's end. */
export const continuousEventTimeTrigger = (everyMs: number): Trigger<unknown> => {
  const { onRecord, onMerge } = eventTimeTrigger();
  const next = (timeMs: number) => (Math.floor(timeMs / everyMs) + 1) * everyMs;
  const register = (timeMs: number, ctx: TriggerContext) => {
    if (next(timeMs) < ctx.window.endMs) ctx.onEventTime(next(timeMs));
  };
  return {
    onRecord: (record, timeMs, ctx) => {
      const result = onRecord(record as never, timeMs, ctx);
      if (result === "continue" && ctx.state === undefined) {
        ctx.state = true;
        register(timeMs, ctx);
      }
      return result;
    },
    onEventTime: (timeMs, ctx) => {
      register(timeMs, ctx);
      return "fire";
    },
    onMerge: (states, ctx) => {
      onMerge!(states, ctx);
      ctx.state = true;
      register(Math.max(ctx.window.startMs, Number.isFinite(ctx.watermarkMs) ? ctx.watermarkMs : ctx.window.startMs), ctx);
    },
  };
};

/** The same, and whatever fires is forgotten. */
export function purging<T>(trigger: Trigger<T>): Trigger<T> {
  const purge = (result: TriggerResult): TriggerResult => (result === "fire" ? "fire-and-purge" : result);
  return {
    ...trigger,
    onRecord: (record, timeMs, ctx) => purge(trigger.onRecord(record, timeMs, ctx)),
    ...(trigger.onEventTime && { onEventTime: (timeMs: number, ctx: TriggerContext) => purge(trigger.onEventTime!(timeMs, ctx)) }),
    ...(trigger.onProcessingTime && { onProcessingTime: (timeMs: number, ctx: TriggerContext) => purge(trigger.onProcessingTime!(timeMs, ctx)) }),
  };
}
