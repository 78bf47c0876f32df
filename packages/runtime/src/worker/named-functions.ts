// Says which functions of a program are an operator's, by the place of each in the code that V8 runs: a profile knows a
// method as `execute` alone.

import type { Graph, UserFunction } from "@sage/graph";
import type { Plan } from "@sage/protocol";
import type { Session } from "node:inspector/promises";

export interface NamedFunction {
  /** What the user wrote: `Double.execute`, `parse`; of a function without a name, its operator's. */
  readonly name: string;
  /** Names of the operators that have it as their code, in the plan's order. */
  readonly operators: readonly string[];
}

/** A place in V8's words: lines and columns from 0. */
export const placeKey = ({ scriptId, lineNumber, columnNumber = 0 }: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber?: number | undefined }): string =>
  `${scriptId}:${lineNumber}:${columnNumber}`;

interface Found {
  readonly call: unknown;
  readonly name: string;
  readonly operator: string;
}

/** The functions of a graph's operators by their places. @param session - of this thread, to ask V8 where a function is. */
export async function namedFunctions(session: Session, graph: Graph, plan: Plan): Promise<ReadonlyMap<string, NamedFunction>> {
  const operatorOf = new Map(plan.nodes.map(({ id, name }) => [id, name]));
  const found = graph.nodes.flatMap(({ id, fn }) => functionsOf(fn, operatorOf.get(id) ?? id));
  const handOver = Symbol.for("sage.profiled");
  const places = new Map<string, NamedFunction>();
  try {
    (globalThis as Record<symbol, unknown>)[handOver] = found.map(({ call }) => call);
    const { result } = await session.post("Runtime.evaluate", { expression: `globalThis[Symbol.for("sage.profiled")]`, objectGroup: "sage" });
    const { result: items } = await session.post("Runtime.getProperties", { objectId: result.objectId!, ownProperties: true });
    for (const [i, { name, operator }] of found.entries()) {
      const objectId = items.find((item) => item.name === String(i))?.value?.objectId;
      const about = objectId && (await session.post("Runtime.getProperties", { objectId, ownProperties: true }));
      const at = about && about.internalProperties?.find((each) => each.name === "[[FunctionLocation]]")?.value?.value as Parameters<typeof placeKey>[0] | undefined;
      if (!at) continue; // code of Node's own
      const known = places.get(placeKey(at));
      places.set(placeKey(at), { name: known?.name ?? name, operators: [...new Set([...(known?.operators ?? []), operator])] });
    }
    return places;
  } finally {
    delete (globalThis as Record<symbol, unknown>)[handOver];
    await session.post("Runtime.releaseObjectGroup", { objectGroup: "sage" });
  }
}

function functionsOf(fn: UserFunction | undefined, operator: string): Found[] {
  if (fn?.form === "function") return [{ call: fn.call, name: fn.call.name || operator, operator }];
  if (fn?.form === "object") return methodsOf(fn.object, operator, operator);
  return fn === undefined ? [] : methodsOf(fn.make.prototype as object, fn.make.name || operator, operator);
}

/** Those that it inherits as well; those of Sage's base classes do nothing. */
function methodsOf(object: object, owner: string, operator: string): Found[] {
  const found = new Map<string, Found>();
  for (let each: object | null = object; each !== null && each !== Object.prototype; each = Object.getPrototypeOf(each) as object | null) {
    for (const [name, { value: call }] of Object.entries(Object.getOwnPropertyDescriptors(each))) {
      if (typeof call === "function" && name !== "constructor" && !found.has(name)) found.set(name, { call, name: `${owner}.${name}`, operator });
    }
  }
  return [...found.values()];
}
