// The state of a function's own: what its methods snapshot() and restore() say, the fields that it declares, or else
// its plain data fields.
//
// Invariants:
//   W1. What comes back is what was there, or there is an error that names class and field; nothing is lost in silence.
//   W2. Fields come back behind the constructor and open(): what these make anew, they make; data is as it was.

import type { OperatorContext } from "../operator-context.ts";
import { isServiceHandle } from "../services/service-handle.ts";
import { StateMismatchError, StateNotMergeableError, StateNotSerializableError } from "./errors.ts";
import { findUnsavable } from "./savable.ts";

/** What user classes may have, to say themselves what their state is. */
interface Snapshotting {
  snapshot?(): unknown;
  restore?(state: unknown): unknown;
  merge?(states: readonly unknown[]): unknown;
}

type Fields = Record<string, unknown>;

/** A state as it is written: what a hook gave, or fields by name. */
export type OwnSnapshot = { readonly by: "hook"; readonly state: unknown } | { readonly by: "fields"; readonly fields: Fields };

/** The private `#fields` of a class, which nobody sees from outside; found in its text. */
export function hiddenFieldsOf(instance: object): readonly string[] {
  const names: string[] = [];
  for (let made = instance.constructor as unknown; typeof made === "function" && made !== Function.prototype && made !== Object; made = Object.getPrototypeOf(made)) {
    const text = Function.prototype.toString.call(made);
    if (!text.startsWith("class")) continue;
    for (const [, name] of text.replaceAll(notCode, " ").matchAll(hiddenField)) names.push(`#${name!}`);
  }
  return names;
}

const notCode = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const hiddenField = /(?<=[{};\n]\s*)#([A-Za-z_$][\w$]*)\s*(?==[^=>]|;|\n|\})/g;

export class OwnState {
  readonly #instance: Snapshotting & Fields;
  readonly #context: OperatorContext;
  /** Functions and handles as the constructor and open() left them: those are made anew. */
  #made = new Map<string, unknown>();

  constructor(instance: object, context: OperatorContext) {
    this.#instance = instance as Snapshotting & Fields;
    this.#context = context;
  }

  get #class(): string {
    const name = (this.#instance.constructor as { name?: string } | undefined)?.name;
    return name === "Object" || !name ? "its methods' object" : `class ${name}`;
  }

  get #declared(): readonly string[] | undefined {
    return (this.#instance.constructor as { snapshotFields?: readonly string[] } | undefined)?.snapshotFields;
  }

  get #hasHooks(): boolean {
    return typeof this.#instance.snapshot === "function" && typeof this.#instance.restore === "function";
  }

  /** Whether the class says itself what its state is. */
  get isDeclared(): boolean {
    return this.#hasHooks || this.#declared !== undefined;
  }

  /** To be called behind open(). */
  opened(): void {
    this.#made = new Map(this.#fields().filter(([, value]) => isMadeAnew(value)));
  }

  /**
   * The state now; undefined: there is none.
   *
   * @throws {@link StateNotSerializableError}
   */
  take(): OwnSnapshot | undefined | Promise<OwnSnapshot | undefined> {
    if (this.#hasHooks) {
      const state = this.#instance.snapshot!();
      return state instanceof Promise ? state.then((each: unknown) => this.#byHook(each)) : this.#byHook(state);
    }
    if (!this.isDeclared) {
      const [hidden] = hiddenFieldsOf(this.#instance);
      if (hidden !== undefined) throw new StateNotSerializableError(this.#context.name, `field ${hidden} of ${this.#class}`, "private to the class, and so out of reach");
    }
    return this.#byFields();
  }

  #byHook(state: unknown): OwnSnapshot | undefined {
    const found = findUnsavable(state);
    if (found) throw new StateNotSerializableError(this.#context.name, `what snapshot() of ${this.#class} returned${found.path && `, at ${found.path},`}`, found.what);
    return state === undefined ? undefined : { by: "hook", state };
  }

  #byFields(): OwnSnapshot | undefined {
    const fields: Fields = {};
    let count = 0;
    for (const [name, value] of this.#fields()) {
      if (isMadeAnew(value) && this.#made.get(name) === value) continue;
      const found = findUnsavable(value);
      if (found) throw new StateNotSerializableError(this.#context.name, `field ${name}${found.path} of ${this.#class}`, found.what);
      fields[name] = value;
      count++;
    }
    return count === 0 ? undefined : { by: "fields", fields };
  }

  #fields(): [string, unknown][] {
    const declared = this.#declared;
    if (declared) return declared.map((name) => [name, this.#instance[name]]);
    return Object.entries(Object.getOwnPropertyDescriptors(this.#instance))
      .filter(([name, { enumerable, value }]) => enumerable === true && name !== "ctx" && value !== this.#context && value !== this.#context.logger && value !== this.#context.state)
      .map(([name, { value }]) => [name, value as unknown]);
  }

  /** @param states - one for each former instance whose state is now here. @throws StateNotMergeableError, StateMismatchError */
  async restore(states: readonly OwnSnapshot[]): Promise<void> {
    const state = states.length === 1 ? states[0]! : this.#merged(states);
    if (state.by === "fields") Object.assign(this.#instance, state.fields);
    else if (typeof this.#instance.restore === "function") await this.#instance.restore(state.state);
    else throw new StateMismatchError(this.#context.name, `it was written by snapshot(), and ${this.#class} has no restore(state)`);
  }

  #merged(states: readonly OwnSnapshot[]): OwnSnapshot {
    const [first] = states;
    if (states.every((state) => sameText(state, first!))) return first!;
    if (typeof this.#instance.merge !== "function") throw new StateNotMergeableError(this.#context.name, states.length);
    const merged = this.#instance.merge(states.map((state) => (state.by === "hook" ? state.state : state.fields)));
    return first!.by === "hook" ? { by: "hook", state: merged } : { by: "fields", fields: merged as Fields };
  }
}

const sameText = (a: OwnSnapshot, b: OwnSnapshot): boolean => textOf(a) === textOf(b);

function textOf(state: OwnSnapshot): string {
  return JSON.stringify(state, (_key, value: unknown) => {
    if (typeof value === "bigint") return `${value}n`;
    if (value instanceof Map || value instanceof Set) return [...value];
    return value;
  });
}

/** What constructor and open() make, and no snapshot needs. */
function isMadeAnew(value: unknown): boolean {
  return typeof value === "function" || value instanceof AbortSignal || isServiceHandle(value);
}
