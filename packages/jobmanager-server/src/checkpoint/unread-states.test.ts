import { expect, test } from "vitest";
import { unreadStates } from "./unread-states.ts";

const nodes = [{ id: "a", name: "count" }, { id: "b", name: "other" }];
const task = (nodeId: string, schema: object | undefined) => ({ nodeId, schema: schema ? JSON.stringify(schema) : "" });

test("a saved state that no instance has asked for is named, with what the program asks for", () => {
  const tasks = [task("a", { names: ["value sum"], unread: ["value total", "list all"] }), task("a", { names: ["value sum", "list all"], unread: ["value total"] }), task("b", undefined), task("b", { names: ["value x"] })];
  expect(unreadStates(tasks, nodes)).toEqual(['saved state that the program has not asked for so far is kept, of operator "count": value total; was it renamed? It asks for value sum, list all']);
});

test("nothing is said of operators that ask for all they have, or were saved by an earlier Sage", () => {
  expect(unreadStates([task("a", { names: ["value sum"] }), task("a", { unread: [] }), task("b", { version: 1, states: ["keyed"] })], nodes)).toEqual([]);
});
