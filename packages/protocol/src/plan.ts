// The plan: what a job runs, without its functions. Made from the graph by `compile`, sent as JSON, and made
// again by every worker from the user's bundle; the two fingerprints must be equal.
//
// Invariants:
//   P1. Node ids are unique; edges name existing nodes; every chain's nodes are in the order records pass them.
//   P2. Only feedback edges go backwards; without them the chains are in topological order.

export const planVersion = 1;

export type NodeKind =
  | "batch" | "source" | "iterable" | "data" | "file" | "future"
  | "map" | "filter" | "flatMap" | "reduce" | "aggregate" | "process" | "coMap" | "join"
  | "assignTimestamps" | "window" | "windowJoin" | "intervalJoin" | "broadcastProcess"
  | "sink" | "print" | "collect";

/** How records spread over the instances of the next operator. */
export type Partitioning = "forward" | "rebalance" | "hash" | "broadcast";

/** What an operator does with a record on which it threw. */
export type ErrorPolicy =
  | "fail"
  | "skip"
  | "dead-letter"
  | { readonly retries: number; readonly backoffMs?: number; readonly then?: "fail" | "skip" | "dead-letter" };

export interface PlanNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  readonly parallelism: number;
  /** Hash of the operator's function name, constructor arguments and options. */
  readonly fingerprint: string;
  /** More than 1: that many records at once through an async function. */
  readonly concurrency: number;
  /** Whether results keep the order of their inputs; matters when `concurrency` is more than 1. */
  readonly ordered: boolean;
  readonly onError: ErrorPolicy;
  /** Of a sink: whether what it writes is committed with checkpoints; absent: no. */
  readonly transactional?: true;
  /** Of a source: false if it cannot give records again that it has given before a failure. */
  readonly replayable?: false;
  /** What a worker with an instance of it needs of its host; absent: the driver's default. */
  readonly resources?: Resources;
  /** There, and true: its instances have workers apart from those of other operators, on Ray where the daemon has both. */
  readonly remote?: true;
  /** The worker of its first instance; absent: 0. */
  readonly firstSlot?: number;
}

type Placed = Pick<PlanNode, "firstSlot" | "parallelism">;

/** The worker of an instance. */
export const workerOf = ({ firstSlot = 0 }: Pick<PlanNode, "firstSlot">, instance: number): number => firstSlot + instance;

/** Which of its instances a worker runs; undefined: none. */
export function instanceIn({ firstSlot = 0, parallelism }: Placed, worker: number): number | undefined {
  const instance = worker - firstSlot;
  return instance >= 0 && instance < parallelism ? instance : undefined;
}

/** How many workers operators take. */
export const slotsOf = (nodes: readonly Placed[]): number => nodes.reduce((most, node) => Math.max(most, workerOf(node, node.parallelism)), 1);

export interface PlanEdge {
  readonly from: string;
  readonly to: string;
  /** Which input of the receiving operator: 0 but for coMap and join. */
  readonly port: number;
  readonly partitioning: Partitioning;
  /** Name of a side output; absent: the main output. */
  readonly tag?: string;
  /** Whether the edge closes a loop (`fillFuture`). */
  readonly feedback: boolean;
  /** Whether both ends run in one chain: a function call, no queue. */
  readonly chained: boolean;
  /** Whether records have a key behind this edge. */
  readonly keyed: boolean;
  /** There, and true: event time and watermarks go along, because an operator behind the edge wants them. */
  readonly timed?: true;
}

/** Operators fused into one task: a tree whose root reads the chain's inputs. */
export interface PlanChain {
  /** Id of its first node. */
  readonly id: string;
  /** Names of its operators, joined by " → ". */
  readonly name: string;
  readonly parallelism: number;
  readonly nodes: readonly string[];
}

/** Chains which a feedback edge joins into a cycle. */
export interface PlanLoop {
  /** Id of its first future. */
  readonly id: string;
  /** Ids of the futures that head the cycle. */
  readonly futures: readonly string[];
  /** Ids of the chains on the cycle. */
  readonly chains: readonly string[];
}

/** What a worker asks of the machine that it runs on; what is absent is the driver's default. */
export interface Resources {
  /** Processors; parts of one too. */
  readonly cpus?: number;
  readonly gpus?: number;
  readonly memoryBytes?: number;
  /** Others by the name that the cluster gives them. */
  readonly custom?: Readonly<Record<string, number>>;
}

export interface PlanService {
  readonly name: string;
  readonly fingerprint: string;
  /** There, and true: one instance for the whole job, in a worker of its own. */
  readonly remote?: true;
  /** Of a remote service's worker. */
  readonly resources?: Resources;
  /** Of a remote service: how often it may be made anew, in its worker or with it. */
  readonly maxRestarts?: number;
}

/** Services with workers of their own: number i runs in worker `slots + i`. */
export const remoteServicesOf = ({ services }: Pick<Plan, "services">): readonly PlanService[] => services.filter(({ remote }) => remote === true);

export interface Plan {
  readonly version: typeof planVersion;
  readonly name: string;
  /** Default parallelism of the environment that built it; a worker builds with the same, whatever the program says. */
  readonly parallelism: number;
  readonly nodes: readonly PlanNode[];
  readonly edges: readonly PlanEdge[];
  readonly chains: readonly PlanChain[];
  readonly loops: readonly PlanLoop[];
  readonly services: readonly PlanService[];
  /** Number of key groups; the largest parallelism state can be moved to. */
  readonly maxParallelism: number;
  /** Number of workers with operators: the largest parallelism of any chain, and beside it that of any remote one. */
  readonly slots: number;
  readonly fingerprint: string;
}
