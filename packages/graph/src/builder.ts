// Collects the nodes of one pipeline while a program runs.

import type { NodeKind } from "@sage/protocol/records";
import { CollectedRecords } from "./collected.ts";
import { checkArguments } from "./constructor-arguments.ts";
import { InvalidOperatorError } from "./errors.ts";
import type { Graph, GraphNode, GraphService, NodeInput, OperatorOptions } from "./graph.ts";
import { checkOptions, operatorOptions, serviceOptions } from "./known-options.ts";

type NewNode = Omit<GraphNode, "id" | "kind" | "options" | "inputs" | "origin"> & {
  readonly inputs?: readonly NodeInput[];
  readonly options?: OperatorOptions;
};

export class GraphBuilder {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #services = new Map<string, GraphService>();
  readonly #counts = new Map<NodeKind, number>();
  /** The collect() operators so far, by node id. */
  readonly collects = new Map<string, CollectedRecords<unknown>>();

  /** Adds a node and returns its id: the kind and a number, in order of making. */
  add(kind: NodeKind, { inputs = [], options = {}, ...rest }: NewNode): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const id = `${kind}-${count}`;
    const origin = callerOutsideSage();
    checkOptions(`operator "${options.name ?? id}"`, options, operatorOptions, origin);
    for (const fn of [rest.fn, ...inputs.map(({ key }) => key)]) checkArguments(fn, origin);
    this.#nodes.set(id, { id, kind, inputs, options, ...(origin === undefined ? {} : { origin }), ...rest });
    return id;
  }

  collected<T>(nodeId: string): CollectedRecords<T> {
    const collected = new CollectedRecords<T>(nodeId);
    this.collects.set(nodeId, collected as CollectedRecords<unknown>);
    return collected;
  }

  node(id: string): GraphNode {
    const node = this.#nodes.get(id);
    if (!node) throw new Error(`no node ${id}`);
    return node;
  }

  setOptions(id: string, options: OperatorOptions): void {
    const node = this.node(id);
    checkOptions(`operator "${node.options.name ?? id}"`, options, operatorOptions, callerOutsideSage());
    this.#nodes.set(id, { ...node, options: { ...node.options, ...options } });
  }

  setInputs(id: string, inputs: readonly NodeInput[]): void {
    this.#nodes.set(id, { ...this.node(id), inputs });
  }

  addService(service: GraphService): void {
    if (this.#services.has(service.name)) throw new InvalidOperatorError(service.name, "a service of this name is registered already");
    checkOptions(`service "${service.name}"`, service.options, serviceOptions, callerOutsideSage());
    this.#services.set(service.name, service);
  }

  /** Forgets everything: a closed environment builds a new pipeline. */
  clear(): void {
    this.#nodes.clear();
    this.#services.clear();
    this.#counts.clear();
    this.collects.clear();
  }

  /** The graph as built so far. */
  graph(name: string, parallelism: number): Graph {
    return { version: 1, name, parallelism, nodes: [...this.#nodes.values()], services: [...this.#services.values()] };
  }
}

const ownFrame = /[\\/](packages[\\/](graph|pipeline-api)|@sage[\\/](graph|pipeline))[\\/](src|dist)[\\/](?!.*\.test\.)|^node:/;

/** `file:line:column` of the first caller that is not Sage's own code, for messages about the pipeline. */
function callerOutsideSage(): string | undefined {
  const lines = new Error().stack?.split("\n").slice(2) ?? [];
  for (const line of lines) {
    const place = /\(?((?:file:\/\/)?[^()\s]+:\d+:\d+)\)?$/.exec(line)?.[1];
    if (place && !ownFrame.test(place)) return place.replace(/^file:\/\//, "");
  }
  return undefined;
}
