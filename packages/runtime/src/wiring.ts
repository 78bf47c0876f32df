// Puts the tasks of one process together: which instances run here, and what connects them.

import type { Clock } from "@sage/core";
import type { Graph, UserFunction } from "@sage/graph";
import { instanceIn, workerOf, type Plan, type PlanLoop, type PlanNode } from "@sage/protocol/records";
import { Chain, type OperatorHooks } from "./chain.ts";
import { layoutsOf, type ChainLayout, type ChainOutput, type OuterEdge } from "./chain/layout.ts";
import type { InputChannel, OutputChannel } from "./exchange/channel.ts";
import { localChannel } from "./exchange/local-channel.ts";
import { DataFeed, type LoadData } from "./feeds/data-feed.ts";
import type { Feed } from "./feeds/feed.ts";
import { FileFeed } from "./feeds/file-feed.ts";
import { FutureFeed } from "./feeds/future-feed.ts";
import { InputFeed, type AlignmentOptions, type TaskInput } from "./feeds/input-feed.ts";
import { IterableFeed } from "./feeds/iterable-feed.ts";
import { PulledFeed } from "./feeds/pulled-feed.ts";
import { SharedIterator } from "./feeds/shared-iterator.ts";
import { SpillQueue } from "./loops/spill-queue.ts";
import type { DealtEpoch } from "./feeds/dealt.ts";
import { TaskLoad } from "./observe/task-load.ts";
import type { JobSurroundings } from "./operator-context.ts";
import { CollectOutput } from "./outputs/collect-output.ts";
import { HashOutput } from "./outputs/hash-output.ts";
import { Lane } from "./outputs/lane.ts";
import { BroadcastOutput, ForwardOutput, type Output } from "./outputs/output.ts";
import { RebalanceOutput } from "./outputs/rebalance-output.ts";
import { Task, type TaskCut } from "./task.ts";
import { TimeSlice } from "./time-slice.ts";

/** Channels between instances in different workers. */
export interface RemoteChannels {
  output(edgeIndex: number, fromWorker: number, toWorker: number): OutputChannel;
  input(edgeIndex: number, fromWorker: number, toWorker: number): InputChannel;
}

export interface EngineHooks extends OperatorHooks {
  /** Takes results of a `collect()` behind a checkpoint's barrier (0: none yet); a promise slows the pipeline down. */
  onCollect(nodeId: string, index: number, batch: unknown[], afterCheckpoint: number): Promise<unknown> | undefined;
  /** The records of a `data` node; undefined: they are in the graph. */
  data: LoadData;
}

export interface WiringOptions {
  readonly plan: Plan;
  readonly graph: Graph;
  readonly slots: readonly number[];
  readonly channels: RemoteChannels | undefined;
  readonly job: JobSurroundings;
  readonly hooks: EngineHooks;
  readonly clock: Clock;
  readonly baseDir: string;
  readonly tempDir: string;
  readonly loopMemoryRecords: number;
  readonly onFailure: (error: unknown) => void;
  readonly onIdle: (task: Task) => void;
  readonly onCut: (cut: TaskCut) => void;
  readonly onAwaits: () => void;
  readonly commitsAlone: boolean;
  readonly alignment: AlignmentOptions;
  /** Whether tasks count what they do with their time. */
  readonly observed: boolean;
}

/** A task with what its loop needs to know of it. */
export interface WiredTask {
  readonly task: Task;
  readonly loop: PlanLoop | undefined;
  /** Outputs whose records stay on the loop. */
  readonly loopOutputs: readonly Output[];
  readonly loopFeed: InputFeed | FutureFeed | undefined;
}

export class Wiring {
  readonly #options: WiringOptions;
  readonly #layouts: ReadonlyMap<string, ChainLayout>;
  readonly #chainOf: ReadonlyMap<string, string>;
  readonly #nodes: ReadonlyMap<string, PlanNode>;
  readonly #local: ReadonlySet<number>;
  readonly #channels = new Map<string, ReturnType<typeof localChannel>>();
  readonly #iterators = new Map<string, SharedIterator>();

  constructor(options: WiringOptions) {
    const { plan, graph, slots } = options;
    this.#options = options;
    this.#layouts = layoutsOf(plan, graph);
    this.#chainOf = new Map(plan.chains.flatMap((chain) => chain.nodes.map((id) => [id, chain.id] as const)));
    this.#nodes = new Map(plan.nodes.map((node) => [node.id, node]));
    this.#local = new Set(slots);
  }

  /** All tasks of this process. */
  tasks(): WiredTask[] {
    return [...this.#layouts.values()].flatMap((layout) => this.#instancesHere(layout.chain.id).map((index) => this.#task(layout, index)));
  }

  /** Those of an operator that run in this process, in order. */
  #instancesHere(nodeId: string): number[] {
    const node = this.#nodes.get(nodeId)!;
    return [...this.#local].flatMap((slot) => instanceIn(node, slot) ?? []).sort((a, b) => a - b);
  }

  #task(layout: ChainLayout, index: number): WiredTask {
    const { job, hooks, clock, onFailure, onCut, onAwaits, commitsAlone, observed, plan } = this.#options;
    const load = observed ? new TaskLoad() : undefined;
    const chain = new Chain({ layout, index, job, hooks, clock, slice: new TimeSlice(), maxParallelism: plan.maxParallelism, abort: onFailure });
    const loop = this.#options.plan.loops.find(({ chains }) => chains.includes(layout.chain.id));
    const outputs = layout.outputs.map((output) => this.#output(output, chain, load));
    chain.connect(outputs);
    const feed = this.#feed(chain, loop);
    const task: Task = new Task({ chain, feed, outputs, signal: job.signal, onIdle: () => this.#options.onIdle(task), onCut, onAwaits, commitsAlone, load });
    const loopOutputs = outputs.filter((_, at) => {
      const output = layout.outputs[at]!;
      return output.kind === "edge" && loop?.chains.includes(this.#chainOf.get(output.edge.plan.to)!) === true;
    });
    return { task, loop, loopOutputs, loopFeed: loop && (feed instanceof InputFeed || feed instanceof FutureFeed) ? feed : undefined };
  }

  #output(output: ChainOutput, chain: Chain, load: TaskLoad | undefined): Output {
    const { plan, hooks, onFailure } = this.#options;
    if (output.kind === "collect") return new CollectOutput((batch, after) => hooks.onCollect(output.node.id, chain.index, batch, after), onFailure, load);
    const { edge } = output;
    const lanes = this.#receivers(edge, chain.index).map((to) => new Lane(this.#channelOut(edge, chain.index, to), onFailure, edge.plan.timed ? chain.scope.time : undefined, load));
    if (lanes.length === 1) return new ForwardOutput(lanes[0]!);
    switch (edge.plan.partitioning) {
      case "broadcast": return new BroadcastOutput(lanes);
      case "hash": return new HashOutput(lanes, this.#keyOf(edge, chain), plan.maxParallelism);
      default: return new RebalanceOutput(lanes, chain.index);
    }
  }

  #keyOf({ key, plan }: OuterEdge, chain: Chain): (record: unknown) => unknown {
    if (key === undefined) throw new Error(`no key on the edge ${plan.from} → ${plan.to}`);
    const at = chain.layout.nodes.findIndex((node) => node.plan.id === plan.from);
    const made = chain.make(key satisfies UserFunction, at);
    return key.form === "function" ? (made as (record: unknown) => unknown) : (record) => (made as { execute(record: unknown): unknown }).execute(record);
  }

  /** The instances that one instance sends to over an edge. */
  #receivers({ plan }: OuterEdge, from: number): number[] {
    const receivers = this.#nodes.get(plan.to)!.parallelism;
    return plan.partitioning === "forward" ? [from] : Array.from({ length: receivers }, (_, to) => to);
  }

  #senders({ plan }: OuterEdge, to: number): number[] {
    const senders = this.#nodes.get(plan.from)!.parallelism;
    return plan.partitioning === "forward" ? [to] : Array.from({ length: senders }, (_, from) => from);
  }

  #channelOut(edge: OuterEdge, from: number, to: number): OutputChannel {
    const [sender, receiver] = this.#workersOf(edge, from, to);
    return this.#local.has(receiver) ? this.#localChannel(edge.index, from, to).output : this.#remote().output(edge.index, sender, receiver);
  }

  #channelIn(edge: OuterEdge, from: number, to: number): InputChannel {
    const [sender, receiver] = this.#workersOf(edge, from, to);
    return this.#local.has(sender) ? this.#localChannel(edge.index, from, to).input : this.#remote().input(edge.index, sender, receiver);
  }

  #workersOf({ plan }: OuterEdge, from: number, to: number): readonly [number, number] {
    return [workerOf(this.#nodes.get(plan.from)!, from), workerOf(this.#nodes.get(plan.to)!, to)];
  }

  #localChannel(edge: number, from: number, to: number): ReturnType<typeof localChannel> {
    const id = `${edge}/${from}/${to}`;
    const channel = this.#channels.get(id) ?? localChannel();
    this.#channels.set(id, channel);
    return channel;
  }

  #remote(): RemoteChannels {
    const { channels } = this.#options;
    if (channels === undefined) throw new Error("some slots run elsewhere, but there are no channels to them");
    return channels;
  }

  #feed(chain: Chain, loop: PlanLoop | undefined): Feed {
    const { layout, index } = chain;
    const { plan: root, graph } = layout.nodes[0]!;
    const { hooks, clock, baseDir, tempDir, loopMemoryRecords, onFailure } = this.#options;
    switch (root.kind) {
      case "batch": case "source": return new PulledFeed(chain, clock);
      case "iterable": return new IterableFeed(root.id, root.parallelism, (dealt) => this.#iterator(root.id, graph.fn!, root.parallelism, dealt));
      case "data": return new DataFeed(root.id, hooks.data);
      case "file": return new FileFeed(chain.policyOf(0), baseDir);
      case "future": {
        const queue = new SpillQueue({ dir: tempDir, name: `${root.id}-${index}-${this.#options.job.jobId}`, memoryRecords: loopMemoryRecords });
        return new FutureFeed(root.id, this.#inputs(layout, index, loop), queue, onFailure);
      }
      default: return new InputFeed(this.#inputs(layout, index, loop), root.id, { ...this.#options.alignment, clock });
    }
  }

  #inputs(layout: ChainLayout, index: number, loop: PlanLoop | undefined): TaskInput[] {
    return layout.inputs.flatMap((edge, input) => {
      const inLoop = loop?.chains.includes(this.#chainOf.get(edge.plan.from)!) === true;
      const sender = this.#options.plan.nodes.find(({ id }) => id === edge.plan.from)!.name;
      const same = layout.inputs.slice(0, input).filter((each) => each.plan.from === edge.plan.from && each.plan.port === edge.plan.port).length;
      return this.#senders(edge, index).map((from) => ({
        channel: this.#channelIn(edge, from, index), input, loop: inLoop, timed: edge.plan.timed === true, id: `${sender}:${edge.plan.port}.${same}:${from}`,
      }));
    });
  }

  /** @param dealt - the same for all instances. */
  #iterator(nodeId: string, fn: UserFunction, parallelism: number, dealt: readonly DealtEpoch[]): SharedIterator {
    const records = fn.form === "object" ? fn.object : undefined;
    const iterator = this.#iterators.get(nodeId) ?? new SharedIterator(records, parallelism, this.#instancesHere(nodeId), dealt);
    this.#iterators.set(nodeId, iterator);
    return iterator;
  }
}
