// The function of a window that two inputs share: gives each left record with each right one.

import { isPromise } from "../chain/scope.ts";
import type { UserFunction } from "@sage/graph";
import type { OperatorContext } from "../operator-context.ts";

type JoinPair = (left: unknown, right: unknown, key: unknown) => unknown;
/** A record with the input that it came from: 0 is left, 1 is right. */
export type Sided = readonly [port: number, record: unknown];

/** @param fn - joins two records. */
export function pairing(fn: unknown, form: UserFunction["form"]): (records: readonly Sided[], ctx: OperatorContext) => Promise<void> | undefined {
  const join: JoinPair = form === "function" ? (fn as JoinPair) : (left, right, key) => (fn as { execute: JoinPair }).execute(left, right, key);
  return (records, ctx) => {
    const side = (of: number) => records.filter(([port]) => port === of).map(([, record]) => record);
    const [lefts, rights] = [side(0), side(1)];
    const { key } = ctx;
    const pairs = function* () {
      for (const left of lefts) for (const right of rights) yield join(left, right, key);
    };
    return passOn(pairs(), ctx);
  };
}

/** Emits results until one has to be waited for. */
function passOn(results: Iterator<unknown>, ctx: OperatorContext): Promise<void> | undefined {
  for (let step = results.next(); !step.done; step = results.next()) {
    const wait = isPromise(step.value) ? step.value.then((result) => ctx.collect(result)) : ctx.collect(step.value);
    if (wait !== undefined) return Promise.resolve(wait).then(() => passOn(results, ctx));
  }
  return undefined;
}
