// Which edges carry event time: those between an `assignTimestamps` and an operator that wants it. No other edge pays for it.

import type { NodeKind } from "@sage/protocol/records";
import { InvalidOperatorError } from "./errors.ts";
import type { GraphNode, NodeInput } from "./graph.ts";
import type { WindowSpec } from "./window-specs.ts";

const wanting: ReadonlySet<NodeKind> = new Set(["process", "broadcastProcess", "window", "windowJoin", "intervalJoin"]);

export interface EventTime {
  /** Whether records cross an edge with their time, and watermarks among them. */
  isTimed(node: GraphNode, input: NodeInput): boolean;
}

/**
 * Event time of a graph whose nodes stand behind their inputs.
 *
 * @throws InvalidOperatorError for an operator by event time that some of its records would reach without one.
 */
export function eventTimeOf(nodes: readonly GraphNode[], names: ReadonlyMap<string, string>): EventTime {
  const having = nodesWithTime(nodes);
  for (const node of nodes) if (needsTime(node) && !node.inputs.every((input) => !input.feedback && having.has(input.from))) throw withoutTime(node, names.get(node.id)!);
  const wanted = nodesThatWantTime(nodes);
  return { isTimed: (node, input) => !input.feedback && having.has(input.from) && wanted.has(node.id) };
}

/** Nodes whose results have a time: that of the record they come from, or of their window. */
function nodesWithTime(nodes: readonly GraphNode[]): ReadonlySet<string> {
  const having = new Set<string>();
  for (const node of nodes) {
    if (node.kind === "assignTimestamps" || node.inputs.some((input) => !input.feedback && having.has(input.from))) having.add(node.id);
  }
  return having;
}

/** Nodes that look at their records' time, or stand before one that does. */
function nodesThatWantTime(nodes: readonly GraphNode[]): ReadonlySet<string> {
  const wanted = new Set<string>();
  const passing = new Set<string>();
  for (const node of nodes.toReversed()) {
    if (node.kind !== "assignTimestamps" && (wanting.has(node.kind) || passing.has(node.id))) wanted.add(node.id);
    if (wanted.has(node.id)) for (const input of node.inputs) if (!input.feedback) passing.add(input.from);
  }
  return wanted;
}

function needsTime({ kind, settings }: GraphNode): boolean {
  if (kind === "intervalJoin") return true;
  if (kind !== "window" && kind !== "windowJoin") return false;
  const windows = settings?.["windows"] as WindowSpec;
  return "time" in windows && windows.time === "event";
}

const withoutTime = ({ origin }: GraphNode, name: string) =>
  new InvalidOperatorError(name, "works by event time, but its records have none: call assignTimestamps(…) before it, behind unions and loops", origin);
