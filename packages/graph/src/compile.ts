// Graph → plan: checks, parallelism, partitioning, chains, loops, fingerprints. Pure.
//
// Two operators share a chain when records go from one to the other without spreading: equal parallelism, one
// input, no loop between them (Flink's operator chaining).

import { defaultMaxParallelism, fingerprintOf, planVersion, slotsOf, type ErrorPolicy, type Partitioning, type Plan, type PlanChain, type PlanEdge, type PlanLoop, type PlanNode, type PlanService } from "@sage/protocol/records";
import { EmptyPipelineError, InvalidOperatorError, UnfilledFutureError } from "./errors.ts";
import { nameOf, type Graph, type GraphNode, type GraphService, type NodeInput, type UserFunction } from "./graph.ts";
import { cyclesOf } from "./cycles.ts";
import { eventTimeOf, type EventTime } from "./event-time.ts";
import { defaultMaxRestarts, mistakeInAmounts } from "./services.ts";

/** Most parallel instances of one operator. */
export const parallelismLimit = 32_768;

const sourceKinds: ReadonlySet<string> = new Set(["batch", "source", "iterable", "data", "file"]);
const singleKinds: ReadonlySet<string> = new Set(["batch", "source", "iterable", "data"]);

export interface CompileOptions {
  /** Number of key groups; default: by the largest parallelism. State that was saved with so many is found again only with as many. */
  readonly maxParallelism?: number;
}

/**
 * The plan of a graph.
 *
 * @throws EmptyPipelineError, UnfilledFutureError, InvalidOperatorError: every mistake that can be seen without running.
 */
export function compile(graph: Graph, options: CompileOptions = {}): Plan {
  if (!graph.nodes.some((node) => sourceKinds.has(node.kind))) throw new EmptyPipelineError(graph.name);
  const names = uniqueNames(graph.nodes);
  const byId = new Map<string, PlanNode>();
  for (const node of graph.nodes) byId.set(node.id, toPlanNode(node, names.get(node.id)!, inheritedParallelism(node, byId) ?? graph.parallelism));
  for (const node of placed([...byId.values()])) byId.set(node.id, node);
  const nodes = [...byId.values()];
  for (const node of graph.nodes) checkInputs(node, names.get(node.id)!);
  const time = eventTimeOf(graph.nodes, names);
  const drafts = graph.nodes.flatMap((node) => node.inputs.map((input) => toEdge(node, input, byId, time)));
  const inputs = inputCounts(drafts);
  const edges = drafts.map((edge) => ({ ...edge, chained: canChain(edge, byId, inputs) }));
  const chains = toChains(nodes, edges);
  const services = graph.services.map(toPlanService);
  const slots = slotsOf(nodes);
  const widest = chains.reduce((most, chain) => Math.max(most, chain.parallelism), 1);
  const body = {
    version: planVersion, name: graph.name, parallelism: graph.parallelism, nodes, edges, chains, loops: toLoops(nodes, edges, chains), services,
    maxParallelism: checkGroups(chains, widest, options.maxParallelism ?? defaultMaxParallelism(widest)), slots,
  } as const;
  return { ...body, fingerprint: fingerprintOf(body) };
}

const toPlanService = ({ name, make, args, options: { remote = false, resources, maxRestarts = defaultMaxRestarts } }: GraphService): PlanService => ({
  name, fingerprint: fingerprintOf([make.name, args]),
  ...(remote ? { remote, maxRestarts: Math.min(maxRestarts, Number.MAX_SAFE_INTEGER), ...(resources ? { resources } : {}) } : {}),
});

function checkGroups(chains: readonly PlanChain[], widest: number, maxParallelism: number): number {
  if (widest <= maxParallelism) return maxParallelism;
  const { name } = chains.find(({ parallelism }) => parallelism === widest)!;
  throw new InvalidOperatorError(name, `its parallelism, ${widest}, is more than the ${maxParallelism} key groups that the job began with`);
}

/** Remote operators share workers with one another, behind those of all others. */
function placed(nodes: readonly PlanNode[]): PlanNode[] {
  const firstSlot = nodes.reduce((most, { remote, parallelism }) => (remote ? most : Math.max(most, parallelism)), 0);
  return nodes.map((node) => (node.remote && firstSlot > 0 ? { ...node, firstSlot } : node));
}

function uniqueNames(nodes: readonly GraphNode[]): Map<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const node of nodes) {
    const given = node.options.name;
    if (given === undefined) continue;
    if (typeof given !== "string" || given.length === 0 || given.length > 200) throw new InvalidOperatorError(String(given).slice(0, 40), "a name has 1 to 200 characters", node.origin);
    if (taken.has(given)) throw new InvalidOperatorError(given, "two operators have this name", node.origin);
    taken.add(given);
    names.set(node.id, given);
  }
  const lastNumbers = new Map<string, number>();
  for (const node of nodes) {
    if (names.has(node.id)) continue;
    const base = nameOf(node.fn) || node.kind;
    let name = base;
    let number = lastNumbers.get(base) ?? 1;
    while (taken.has(name)) name = `${base}-${++number}`;
    lastNumbers.set(base, number);
    taken.add(name);
    names.set(node.id, name);
  }
  return names;
}

/** Timestamps are assigned where the records are: the order in which a source gives them is worth keeping. */
const inheritedParallelism = ({ kind, inputs }: GraphNode, before: ReadonlyMap<string, PlanNode>): number | undefined =>
  kind === "assignTimestamps" && inputs.length === 1 ? before.get(inputs[0]!.from)?.parallelism : undefined;

function toPlanNode(node: GraphNode, name: string, defaultParallelism: number): PlanNode {
  const fallback = singleKinds.has(node.kind) ? 1 : defaultParallelism;
  const parallelism = count(name, "parallelism", node.options.parallelism ?? fallback, parallelismLimit, node.origin);
  const concurrency = count(name, "concurrency", node.options.concurrency ?? 1, 1_000_000, node.origin);
  const onError = checkPolicy(name, node.options.onError ?? "fail", node.origin);
  const keys = node.inputs.map((input) => functionFacts(input.key));
  const { resources } = node.options;
  const wrong = resources && mistakeInAmounts(resources);
  if (wrong) throw new InvalidOperatorError(name, wrong, node.origin);
  return {
    id: node.id, kind: node.kind, name, parallelism, concurrency, onError, ordered: node.options.ordered ?? true,
    ...(isTransactional(node) ? { transactional: true as const } : {}), ...(isReplayable(node) ? {} : { replayable: false as const }),
    ...(resources ? { resources } : {}), ...(node.options.remote ? { remote: true as const } : {}),
    fingerprint: fingerprintOf([node.kind, functionFacts(node.fn), node.settings ?? null, keys, ...moreFacts(node)]),
  };
}

/** Whether a sink writes in two phases, so that a failure leaves each record once. */
function isTransactional({ kind, fn }: GraphNode): boolean {
  const methods = (fn?.form === "class" ? fn.make.prototype : fn?.form === "object" ? fn.object : {}) as Record<string, unknown>;
  return kind === "sink" && typeof methods["prepareCommit"] === "function" && typeof methods["commit"] === "function";
}

/** An unbounded source without an instance has no position that could be saved: it goes on with whatever comes next. */
const isReplayable = ({ kind, fn }: GraphNode): boolean => kind !== "source" || fn?.form !== "function";

function count(operator: string, what: string, value: number, limit: number, origin?: string): number {
  if (Number.isInteger(value) && value >= 1 && value <= limit) return value;
  throw new InvalidOperatorError(operator, `${what} must be a whole number from 1 to ${limit}, not ${String(value)}`, origin);
}

function checkPolicy(operator: string, policy: ErrorPolicy, origin?: string): ErrorPolicy {
  if (typeof policy === "string") {
    if (["fail", "skip", "dead-letter"].includes(policy)) return policy;
    throw new InvalidOperatorError(operator, `onError must be "fail", "skip", "dead-letter" or { retries }, not "${String(policy)}"`, origin);
  }
  count(operator, "onError.retries", policy.retries, 1_000_000, origin);
  return policy;
}

/** What tells one function from another without its code: code is compared by the bundle's hash. */
function functionFacts(fn: UserFunction | undefined): unknown {
  if (!fn) return null;
  if (fn.form === "class") return ["class", fn.make.name, fn.args];
  return fn.form === "function" ? ["function", fn.call.name] : ["object", Object.keys(fn.object)];
}

const moreFacts = ({ more = {} }: GraphNode): unknown[] => Object.entries(more).map(([part, fn]) => [part, functionFacts(fn)]);

function checkInputs(node: GraphNode, name: string): void {
  if (node.kind === "future" && node.inputs.length === 0) throw new UnfilledFutureError(name, node.origin);
  if (joinKinds.has(node.kind)) {
    checkTwo(node, name);
    if (node.inputs.some((input) => !input.key)) throw new InvalidOperatorError(name, `${node.kind} needs keyed streams: a.keyBy(…).connect(b.keyBy(…)).${node.kind}(…)`, node.origin);
  }
  if (node.kind === "broadcastProcess") {
    checkTwo(node, name);
    if (node.inputs.some(({ port, partitioning }) => port === 1 && partitioning !== "broadcast")) {
      throw new InvalidOperatorError(name, "process beside another stream needs that one broadcast: a.connect(b.broadcast()).process(…)", node.origin);
    }
  }
  if (node.kind === "coMap") checkCoMap(node, name);
}

const joinKinds: ReadonlySet<string> = new Set(["join", "windowJoin", "intervalJoin"]);

function checkTwo({ kind, inputs, origin }: GraphNode, name: string): void {
  const ports = new Set(inputs.map((input) => input.port)).size;
  if (ports !== 2) throw new InvalidOperatorError(name, `${kind} needs exactly 2 streams, got ${ports}`, origin);
}

function checkCoMap(node: GraphNode, name: string): void {
  const ports = Math.max(...node.inputs.map((input) => input.port)) + 1;
  const methods = (node.fn?.form === "class" ? node.fn.make.prototype : node.fn?.form === "object" ? node.fn.object : {}) as Record<string, unknown>;
  for (let port = 0; port < ports; port++) {
    if (typeof methods[`map${port}`] !== "function") throw new InvalidOperatorError(name, `coMap of ${ports} streams needs a method map${port}`, node.origin);
  }
}

type Draft = Omit<PlanEdge, "chained">;

function toEdge(node: GraphNode, input: NodeInput, byId: ReadonlyMap<string, PlanNode>, time: EventTime): Draft {
  const from = byId.get(input.from);
  const to = byId.get(node.id)!;
  if (!from) throw new Error(`edge from unknown node ${input.from}`);
  const edge = { from: from.id, to: to.id, port: input.port, partitioning: partitioningOf(input, from, to), feedback: input.feedback ?? false, keyed: input.key !== undefined };
  return { ...edge, ...(time.isTimed(node, input) && { timed: true as const }), ...(input.tag !== undefined && { tag: input.tag }) };
}

function partitioningOf(input: NodeInput, from: PlanNode, to: PlanNode): Partitioning {
  if (from.parallelism === 1 && to.parallelism === 1) return "forward";
  if (input.partitioning !== "default") return input.partitioning;
  return from.parallelism === to.parallelism ? "forward" : "rebalance";
}

function canChain(edge: Draft, byId: ReadonlyMap<string, PlanNode>, inputs: ReadonlyMap<string, number>): boolean {
  if (edge.feedback || edge.partitioning !== "forward" || inputs.get(edge.to) !== 1) return false;
  const [from, to] = [byId.get(edge.from)!, byId.get(edge.to)!];
  return from.parallelism === to.parallelism && from.remote === to.remote;
}

/** How many edges end at each node. */
function inputCounts(edges: readonly Draft[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { to } of edges) counts.set(to, (counts.get(to) ?? 0) + 1);
  return counts;
}

function toChains(nodes: readonly PlanNode[], edges: readonly PlanEdge[]): PlanChain[] {
  const followers = new Map<string, string[]>(nodes.map((node) => [node.id, []]));
  const inner = new Set<string>();
  for (const { chained, from, to } of edges) {
    if (!chained) continue;
    followers.get(from)!.push(to);
    inner.add(to);
  }
  const nameOfNode = new Map(nodes.map((node) => [node.id, node.name]));
  return nodes.filter((node) => !inner.has(node.id)).map((head) => {
    const members = depthFirst(head.id, followers);
    return { id: head.id, name: members.map((id) => nameOfNode.get(id)!).join(" → "), parallelism: head.parallelism, nodes: members };
  });
}

/** A tree's nodes, each before its followers; without recursion, for chains longer than the stack. */
function depthFirst(root: string, followers: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const waiting = [root];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    found.push(id);
    waiting.push(...followers.get(id)!.toReversed());
  }
  return found;
}

function toLoops(nodes: readonly PlanNode[], edges: readonly PlanEdge[], chains: readonly PlanChain[]): PlanLoop[] {
  const chainOf = new Map(chains.flatMap((chain) => chain.nodes.map((id) => [id, chain.id] as const)));
  const links = edges.map((edge) => [chainOf.get(edge.from)!, chainOf.get(edge.to)!] as const);
  const futures = nodes.filter((node) => node.kind === "future").map((node) => node.id);
  return cyclesOf(chains.map((chain) => chain.id), links)
    .map((members) => ({ members, futures: futures.filter((id) => members.includes(chainOf.get(id)!)) }))
    .filter((cycle) => cycle.futures.length > 0)
    .map(({ members, futures: heads }) => ({ id: heads[0]!, futures: heads, chains: members }));
}
