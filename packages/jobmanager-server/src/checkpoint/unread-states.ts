// Which states a job has been given that its program has not asked for: it may have renamed them, or not have come to
// them yet. Pure.

import type { PlanNode, TaskSnapshot } from "@sage/protocol";

interface Schema {
  /** States that the program has asked for, such as `value count`. */
  readonly names?: readonly string[];
  readonly unread?: readonly string[];
}

/** A sentence for each operator that has some. What one of its instances has asked for is known to all. */
export function unreadStates(tasks: readonly Pick<TaskSnapshot, "nodeId" | "schema">[], nodes: readonly Pick<PlanNode, "id" | "name">[]): readonly string[] {
  return nodes.flatMap(({ id, name }) => {
    const schemas = tasks.filter(({ nodeId, schema }) => nodeId === id && schema !== "").map(({ schema }) => JSON.parse(schema) as Schema);
    const asked = new Set(schemas.flatMap(({ names = [] }) => names));
    const unread = [...new Set(schemas.flatMap((schema) => schema.unread ?? []))].filter((each) => !asked.has(each));
    return unread.length === 0 ? [] : [`${unreadPrefix}${JSON.stringify(name)}: ${unread.join(", ")}; was it renamed? It asks for ${[...asked].join(", ") || "none"}`];
  });
}

/** What such sentences begin with. */
export const unreadPrefix = "saved state that the program has not asked for so far is kept, of operator ";
