// Which operator's code is running now: for lines that user code writes with `console`.
//
// A task says once where it is to be found, as a function that is only called when somebody asks; so a record costs
// nothing. Following the task over its awaits costs about 100 ns a promise (Node 20), so it is off until a process
// that collects such lines turns it on.

import { AsyncLocalStorage } from "node:async_hooks";

export interface OperatorPlace {
  /** Name of the operator. */
  readonly name: string;
  /** Parallel instance, from 0. */
  readonly index: number;
}

/** Says where a task is: its chain knows which operator it is calling. */
export type FindPlace = () => OperatorPlace | undefined;

let places: AsyncLocalStorage<FindPlace> | undefined;

/** Turns following on, for the rest of the process. */
export function followOperators(): void {
  places ??= new AsyncLocalStorage();
}

/** Runs a task's work, and all that it starts, as being at the place that `find` names when asked. */
export function runAt<T>(find: FindPlace, work: () => T): T {
  return places ? places.run(find, work) : work();
}

/** The operator whose code is running; undefined outside of all, or when following is off. */
export function currentOperator(): OperatorPlace | undefined {
  return places?.getStore()?.();
}
