// The state of the operators of one chain instance: saved at a barrier, restored before the first record.

import { decodeBatch, encodeBatch, keyGroupsOf } from "@sage/protocol/records";
import type { ChainLayout, ChainNode } from "../chain/layout.ts";
import { isSource } from "../chain/layout.ts";
import type { OperatorContext } from "../operator-context.ts";
import { restoreKeyed } from "../state/keyed-restore.ts";
import { keyedPart } from "../state/keyed-snapshot.ts";
import type { Barrier } from "./barrier.ts";
import { OwnState, type OwnSnapshot } from "./own-state.ts";
import { bytesPart, type KeptBeside, type NodeRestore, type StatePart } from "./state-part.ts";
import { isTransactional, Transactions } from "./transactions.ts";

interface Stateful {
  readonly node: ChainNode;
  readonly context: OperatorContext;
  readonly own: OwnState | undefined;
  readonly transactions: Transactions | undefined;
  readonly beside: readonly KeptBeside[];
}

export class ChainStates {
  readonly #index: number;
  readonly #maxParallelism: number;
  readonly #nodes: readonly Stateful[];

  /**
   * @param functions - of the nodes, as made for this instance. The feed cares for a source's.
   * @param beside - what each node keeps beside keys and fields.
   */
  constructor(layout: ChainLayout, index: number, functions: readonly unknown[], beside: readonly (readonly KeptBeside[])[], contexts: readonly OperatorContext[], maxParallelism: number) {
    this.#index = index;
    this.#maxParallelism = maxParallelism;
    this.#nodes = layout.nodes.filter(({ plan }) => !isSource(plan.kind)).map((node) => {
      const made = functions[node.at];
      const hasFields = node.graph.fn?.form === "class" || (node.graph.fn?.form === "object" && node.plan.kind === "coMap");
      const context = contexts[node.at]!;
      return {
        node, context, beside: beside[node.at]!, own: hasFields ? new OwnState(made as object, context) : undefined,
        transactions: node.plan.kind === "sink" && isTransactional(made) ? new Transactions(made, node.at) : undefined,
      };
    });
  }

  /** Of the keyed state of an operator, as its schema has it. */
  namesOf(nodeId: string): { readonly names?: readonly string[]; readonly unread?: readonly string[] } {
    const { asked = [], unread = [] } = this.#nodes.find(({ node }) => node.plan.id === nodeId)?.context.state.names ?? {};
    return { ...(asked.length > 0 ? { names: asked } : {}), ...(unread.length > 0 ? { unread } : {}) };
  }

  /** Behind every `open`. */
  opened(): void {
    for (const { own } of this.#nodes) own?.opened();
  }

  /** Whether a sink has prepared what no checkpoint has committed. */
  get isClean(): boolean {
    return this.#nodes.every(({ transactions }) => transactions?.isClean !== false);
  }

  get isTransactional(): boolean {
    return this.#nodes.some(({ transactions }) => transactions !== undefined);
  }

  /** Asks the sinks to make durable what they have. An error is theirs, and fails the job: nobody knows what they have kept. */
  async prepare({ checkpointId }: Barrier, failed: (error: unknown, at: number) => unknown): Promise<void> {
    for (const { transactions } of this.#nodes) {
      if (transactions === undefined) continue;
      try {
        await transactions.prepare(checkpointId);
      } catch (error) {
        throw failed(error, transactions.at);
      }
    }
  }

  async commit(checkpointId: number): Promise<void> {
    for (const { context, transactions } of this.#nodes) {
      context.state.changes.committed(checkpointId);
      await transactions?.commit(checkpointId);
    }
  }

  /** The state between two records. @throws StateNotSerializableError, naming what cannot be saved. */
  async take(barrier: Barrier): Promise<StatePart[]> {
    const parts: StatePart[] = [];
    for (const { node: { plan: { id: nodeId } }, own, transactions, beside } of this.#nodes) {
      const kept = beside.map((each) => each.take());
      if (kept.some((each) => each !== undefined)) parts.push(bytesPart({ nodeId, kind: "beside", spread: "union" }, encodeBatch([kept])));
      const state = own?.take();
      const taken = state instanceof Promise ? await state : state;
      if (taken !== undefined) parts.push(bytesPart({ nodeId, kind: "own", spread: "instance" }, encodeBatch([taken])));
      if (transactions !== undefined) parts.push(...transactions.part(nodeId));
    }
    return [...parts, ...this.#keyed(barrier)];
  }

  /** What sinks have prepared, alone: of a chain that has come to its end. */
  prepared(): StatePart[] {
    return this.#nodes.flatMap(({ node, transactions }) => transactions?.part(node.plan.id) ?? []);
  }

  #keyed(barrier: Barrier): StatePart[] {
    return this.#nodes.flatMap(({ node: { plan }, context }) => {
      const { first, last } = keyGroupsOf(this.#index, this.#maxParallelism, plan.parallelism);
      const place = { nodeId: plan.id, operator: plan.name, maxParallelism: this.#maxParallelism, keyGroupFrom: first, keyGroupTo: last + 1 };
      const part = keyedPart(context.state, place, barrier);
      return part === undefined ? [] : [part];
    });
  }

  /** @throws StateDamagedError, StateMismatchError, StateNotMergeableError */
  async restore(restores: ReadonlyMap<string, NodeRestore>): Promise<void> {
    for (const { node: { plan }, context, own, transactions, beside } of this.#nodes) {
      const restore = restores.get(plan.id);
      await transactions?.restore(restore);
      if (restore === undefined || restore.finished) continue;
      await restoreKeyed(context.state, { nodeId: plan.id, operator: plan.name, maxParallelism: this.#maxParallelism }, restore);
      const kept = new Map<number, readonly unknown[]>();
      for (const handle of restore.handles) if (handle.kind === "beside") kept.set(handle.fromIndex, decodeBatch(await handle.read())[0] as readonly unknown[]);
      if (kept.size > 0) for (const [at, each] of beside.entries()) each.restore(new Map([...kept].map(([from, states]) => [from, states[at]])), restore.instance);
      const states: OwnSnapshot[] = [];
      for (const handle of restore.handles) if (handle.kind === "own") states.push(decodeBatch(await handle.read())[0] as OwnSnapshot);
      if (states.length > 0) await own?.restore(states);
    }
  }
}
