// Windows of so many records of a key.
//
// A window that is as long as its slide keeps only the fold; others keep the last records of the key. What is left of a
// key at the end of the input is no window and never fires.

import type { WindowAggregate } from "@sage/graph";
import type { Wait } from "../chain/scope.ts";
import type { OperatorContext } from "../operator-context.ts";
import type { KeyEntry } from "../state/keyed-state.ts";
import type { Emit } from "./expansion.ts";
import type { WindowResult } from "./window-result.ts";
import type { WindowSettings } from "./window-settings.ts";

/** What one key has: how many records since its last window, their fold, or the last records. */
interface Counted {
  since: number;
  gathered: unknown;
  readonly records: unknown[];
}

const allOfTime = { startMs: -Infinity, endMs: Infinity } as const;

export class CountWindows {
  readonly policy: WindowResult["policy"];
  readonly #context: OperatorContext;
  readonly #fold: WindowAggregate<unknown, unknown, unknown>;
  readonly #result: WindowResult;
  readonly #slot: number;
  readonly #size: number;
  readonly #slide: number;

  constructor(settings: WindowSettings, fold: WindowAggregate<unknown, unknown, unknown>, result: WindowResult, context: OperatorContext) {
    if (settings.windows.type !== "count") throw new Error(`windows of type ${settings.windows.type} do not count`);
    this.policy = result.policy;
    this.#context = context;
    this.#fold = fold;
    this.#result = result;
    this.#slot = context.state.slotNamed("value sage:window");
    this.#size = settings.windows.size;
    this.#slide = settings.windows.slide;
  }

  connect(emit: Emit, sides: ReadonlyMap<string, Emit>): void {
    this.#result.connect(emit, sides);
  }

  /** The record's key could not be made. */
  unkeyed(error: unknown, record: unknown): Wait {
    return this.policy.drop(error, record);
  }

  add(entry: KeyEntry, record: unknown): Wait {
    const counted = (entry.values[this.#slot] ??= { since: 0, gathered: undefined, records: [] }) as Counted;
    return this.#size === this.#slide ? this.#addToFold(counted, entry, record) : this.#addToLast(counted, entry, record);
  }

  #addToFold(counted: Counted, entry: KeyEntry, record: unknown): Wait {
    counted.gathered = this.#fold.add(counted.since === 0 ? this.#fold.init() : counted.gathered, record);
    if (++counted.since < this.#size) return undefined;
    this.#context.state.clearSlot(entry, this.#slot);
    return this.#result.pass(counted.gathered, entry, allOfTime);
  }

  #addToLast(counted: Counted, entry: KeyEntry, record: unknown): Wait {
    const { records } = counted;
    records.push(record);
    if (records.length > this.#size) records.shift();
    if (++counted.since < this.#slide) return undefined;
    counted.since = 0;
    return this.#result.pass(records.reduce((gathered, each) => this.#fold.add(gathered, each), this.#fold.init()), entry, allOfTime);
  }
}
