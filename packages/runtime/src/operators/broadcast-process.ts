// A process function with a second input that every instance gets all of, and the state which that one writes.
//
// Invariant:
//   B1. Only records of the broadcast input change broadcast state, so that it is the same in every instance.

import type { MapState } from "@sage/graph";
import { canonicalKey, type CanonicalKey } from "@sage/protocol/records";
import type { KeptBeside } from "../checkpoint/state-part.ts";
import type { OperatorContext } from "../operator-context.ts";
import { BroadcastReadOnlyError } from "../errors.ts";

type Saved = readonly (readonly [name: string, pairs: readonly (readonly [unknown, unknown])[]])[];
type Entries = Map<CanonicalKey, readonly [unknown, unknown]>;

export class BroadcastStates implements KeptBeside {
  readonly #operator: string;
  readonly #context: OperatorContext;
  readonly #states = new Map<string, Entries>();
  /** Set while a record of the broadcast input is in work. */
  mayWrite = false;

  constructor(context: OperatorContext) {
    this.#operator = context.name;
    this.#context = context;
  }

  /** Before a record of an input: 1 is the broadcast one, which has no key. */
  enter(port: number): void {
    this.mayWrite = port === 1;
    if (this.mayWrite) this.#context.state.release("no record");
  }

  state<K, V>(name: string): MapState<K, V> {
    const entries = this.#states.get(name) ?? new Map<CanonicalKey, readonly [unknown, unknown]>();
    this.#states.set(name, entries);
    const checked = () => {
      if (!this.mayWrite) throw new BroadcastReadOnlyError(this.#operator);
      return entries;
    };
    return {
      get: (key) => entries.get(canonicalKey(key))?.[1] as V | undefined,
      has: (key) => entries.has(canonicalKey(key)),
      entries: () => entries.values() as IterableIterator<[K, V]>,
      set: (key, value) => void checked().set(canonicalKey(key), [key, value]),
      delete: (key) => void checked().delete(canonicalKey(key)),
      clear: () => checked().clear(),
    };
  }

  /** Calls a function with the state of every key, in the order in which keys were first seen. */
  forEachKey(fn: (key: unknown, state: OperatorContext["state"]) => void): void {
    const { state } = this.#context;
    const keys = Array.from(state.entries.values(), ({ key }) => key); // the function may clear a key and set it again
    for (const key of keys) {
      state.select(key);
      fn(key, state);
    }
    state.release("no record");
  }

  take(): Saved | undefined {
    return this.#states.size === 0 ? undefined : [...this.#states].map(([name, entries]) => [name, [...entries.values()]] as const);
  }

  /** All instances have saved the same. */
  restore(saved: ReadonlyMap<number, unknown>): void {
    const [first = []] = saved.values() as IterableIterator<Saved | undefined>;
    for (const [name, pairs] of first) this.#states.set(name, new Map(pairs.map((pair) => [canonicalKey(pair[0]), pair])));
  }
}
