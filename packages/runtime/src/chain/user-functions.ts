// Makes the user's functions of one operator instance, opens and closes them.
//
// Invariants:
//   U1. `ctx` is there before `open`; `open` is called once, `close` once for whatever was opened.
//   U2. Every `close` runs, even if another one fails.

import type { UserFunction } from "@sage/graph";
import { runAt } from "../current-operator.ts";
import type { OperatorContext } from "../operator-context.ts";

interface Lifecycle {
  ctx?: unknown;
  open?(ctx: unknown): unknown;
  close?(): unknown;
}

/** What generated code calls: an instance of the user's class, an object of methods, or the function itself. */
export function makeFunction(fn: UserFunction, context: OperatorContext): unknown {
  if (fn.form === "function") return fn.call;
  if (fn.form === "object") return fn.object;
  const made = runAt(placeOf(context), () => new (fn.make as new (...args: unknown[]) => Lifecycle)(...fn.args));
  made.ctx = context;
  return made;
}

const placeOf = ({ name, parallelIndex }: OperatorContext) => () => ({ name, index: parallelIndex });

/** One made class instance, with the words for errors about it. */
export class OpenFunction {
  readonly #instance: Lifecycle;
  readonly #context: OperatorContext;
  readonly #describe: (error: unknown, during: string) => unknown;
  #opened = false;

  constructor(instance: unknown, context: OperatorContext, describe: (error: unknown, during: string) => unknown) {
    this.#instance = instance as Lifecycle;
    this.#context = context;
    this.#describe = describe;
  }

  async open(): Promise<void> {
    try {
      await runAt(placeOf(this.#context), () => this.#instance.open?.(this.#context));
    } catch (error) {
      throw this.#describe(error, " in open");
    }
    this.#opened = true;
  }

  async close(): Promise<void> {
    if (!this.#opened) return;
    this.#opened = false;
    try {
      await runAt(placeOf(this.#context), () => this.#instance.close?.());
    } catch (error) {
      throw this.#describe(error, " in close");
    }
  }
}
