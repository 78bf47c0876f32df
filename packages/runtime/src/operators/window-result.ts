// What comes out of windows: results with the last moment of their window as their time, and late records.

import type { TimeWindow, WindowAggregate } from "@sage/graph";
import { isPromise, type Wait } from "../chain/scope.ts";
import type { OperatorContext } from "../operator-context.ts";
import type { KeyEntry } from "../state/keyed-state.ts";
import { Collecting } from "./collecting.ts";
import type { Emit } from "./expansion.ts";
import type { FailurePolicy } from "./failure-policy.ts";
import type { WindowSettings } from "./window-settings.ts";

type WindowCall = (records: readonly unknown[], context: OperatorContext) => unknown;

export class WindowResult {
  readonly policy: FailurePolicy;
  readonly #context: OperatorContext;
  readonly #lateTag: string | undefined;
  readonly #resultOf: WindowAggregate<unknown, unknown, unknown>["result"];
  /** Set where the node's function sees all records. */
  readonly #call: WindowCall | undefined;
  readonly #collecting: Collecting;
  #emit!: Emit;
  #late: Emit | undefined;
  #hasWarned = false;

  constructor(settings: WindowSettings, policy: FailurePolicy, context: OperatorContext, fn: unknown) {
    this.policy = policy;
    this.#context = context;
    this.#lateTag = settings.lateTag;
    this.#collecting = new Collecting(policy, context, false);
    const fold = fn as WindowAggregate<unknown, unknown, unknown>;
    this.#resultOf = (gathered, key, window) => fold.result(gathered, key, window);
    if (settings.mode === "process") this.#call = typeof fn === "function" ? (fn as WindowCall) : (records, ctx) => (fn as { execute: WindowCall }).execute(records, ctx);
  }

  connect(emit: Emit, sides: ReadonlyMap<string, Emit>): void {
    this.#emit = emit;
    this.#late = this.#lateTag === undefined ? undefined : (sides.get(this.#lateTag) ?? (() => undefined));
    this.#collecting.connect(emit, sides);
  }

  /** Emits what a window of a key has gathered. */
  pass(gathered: unknown, { key }: KeyEntry, window: TimeWindow): Wait {
    const { scope } = this.policy;
    if (window.endMs < Infinity) scope.time[0] = window.endMs - 1; // else: that of what made it fire
    if (this.#call !== undefined) return this.#process(gathered as readonly unknown[], key, window);
    let result: unknown;
    try {
      result = this.#resultOf(gathered, key, window);
    } catch (error) {
      return this.policy.drop(error, { key, window, gathered }, 0);
    }
    return isPromise(result) ? this.policy.later(result, { key, window, gathered }, this.#emit) : this.#emit(result);
  }

  #process(records: readonly unknown[], key: unknown, window: TimeWindow): Wait {
    const context = this.#context;
    context.state.select(key);
    context.window = window;
    return this.#collecting.call(() => this.#call!(records, context), this.policy.scope.time[0]!, { key, window, records });
  }

  /** A record whose windows are over. */
  late(record: unknown, entry: KeyEntry): Wait {
    if (entry.values.every((value) => value === undefined)) this.#context.state.remove(entry); // it was made for this record
    if (this.#late !== undefined) return this.#late(record);
    this.policy.skippedRecords++;
    if (!this.#hasWarned) {
      this.#hasWarned = true;
      this.#context.logger.warn("late records are skipped: their windows are over", { firstMs: this.policy.scope.time[0]! });
    }
    return undefined;
  }

  /** A record between two windows. */
  inNoWindow(record: unknown, entry: KeyEntry, isLate: boolean): Wait {
    if (isLate) return this.late(record, entry);
    if (entry.values.every((value) => value === undefined)) this.#context.state.remove(entry);
    this.policy.skippedRecords++;
    return undefined;
  }
}
