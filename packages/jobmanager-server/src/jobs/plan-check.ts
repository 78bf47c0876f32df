// Refuses a plan that no worker could carry out, naming the node: the daemon believes no client.

import { planVersion, remoteServicesOf, slotsOf, type Plan, type PlanNode, type Resources } from "@sage/protocol";
import { InvalidSubmissionError } from "../errors.ts";

export interface PlanLimits {
  readonly maxNodes: number;
  readonly maxEdges: number;
  /** The most workers of one job. */
  readonly maxSlots: number;
}

export const defaultPlanLimits: PlanLimits = { maxNodes: 2_000, maxEdges: 20_000, maxSlots: 256 };

const kinds: ReadonlySet<string> = new Set([
  "batch", "source", "iterable", "data", "file", "future", "map", "filter", "flatMap", "reduce", "aggregate", "process",
  "coMap", "join", "assignTimestamps", "window", "windowJoin", "intervalJoin", "broadcastProcess", "sink", "print", "collect",
]);

/** @throws {@link InvalidSubmissionError} */
export function parsePlan(json: string, limits: PlanLimits = defaultPlanLimits): Plan {
  const plan = toPlan(json);
  if (plan.nodes.length === 0) refuse("its plan has no operators");
  if (plan.nodes.length > limits.maxNodes) refuse(`its plan has ${plan.nodes.length} operators; the limit is ${limits.maxNodes}`);
  if (plan.edges.length > limits.maxEdges) refuse(`its plan has ${plan.edges.length} edges; the limit is ${limits.maxEdges}`);
  const nodes = checkNodes(plan);
  checkEdges(plan, nodes);
  checkChains(plan, nodes);
  checkSlots(plan, limits);
  checkServices(plan, limits);
  return plan;
}

function refuse(what: string): never {
  throw new InvalidSubmissionError(what);
}

function toPlan(json: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    refuse("its plan is not JSON");
  }
  const plan = value as Plan;
  if (typeof value !== "object" || value === null || plan.version !== planVersion) refuse(`its plan is not of version ${planVersion}`);
  for (const list of ["nodes", "edges", "chains", "loops", "services"] as const) {
    if (!Array.isArray(plan[list]) || !plan[list].every((each) => typeof each === "object" && each !== null)) refuse(`its plan has no list of ${list}`);
  }
  if (typeof plan.fingerprint !== "string" || plan.fingerprint === "") refuse("its plan has no fingerprint");
  return plan;
}

function checkNodes(plan: Plan): ReadonlyMap<string, PlanNode> {
  const nodes = new Map<string, PlanNode>();
  for (const node of plan.nodes) {
    const name = JSON.stringify(node.id);
    if (typeof node.id !== "string" || node.id === "") refuse("its plan has an operator without an id");
    if (nodes.has(node.id)) refuse(`two operators have the id ${name}`);
    if (!kinds.has(node.kind)) refuse(`operator ${name} has the unknown kind ${JSON.stringify(node.kind)}`);
    if (typeof node.name !== "string") refuse(`operator ${name} has no name`);
    if (!isCount(node.parallelism)) refuse(`operator ${name} has the parallelism ${String(node.parallelism)}`);
    checkResources(name, node.resources);
    const { firstSlot = 0 } = node;
    if (!(Number.isSafeInteger(firstSlot) && firstSlot >= 0)) refuse(`operator ${name} begins at the worker ${String(firstSlot)}`);
    nodes.set(node.id, node);
  }
  return nodes;
}

function checkResources(name: string, resources: unknown): void {
  if (resources === undefined) return;
  const { custom = {}, ...named } = (resources ?? {}) as Resources;
  const wrong = Object.entries({ ...custom, ...named }).find(([, amount]) => !(typeof amount === "number" && Number.isFinite(amount) && amount >= 0));
  if (wrong) refuse(`operator ${name} asks for ${String(wrong[1])} of ${JSON.stringify(wrong[0])}`);
}

const isCount = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value) && value >= 1;

function checkEdges(plan: Plan, nodes: ReadonlyMap<string, PlanNode>): void {
  const outputs = new Map<string, string[]>();
  for (const { from, to, feedback } of plan.edges) {
    for (const end of [from, to]) if (!nodes.has(end)) refuse(`an edge names ${JSON.stringify(end)}, which is no operator`);
    if (!feedback) outputs.set(from, [...(outputs.get(from) ?? []), to]);
  }
  const cyclic = nodeOnCycle([...nodes.keys()], outputs);
  if (cyclic !== undefined) refuse(`operator ${JSON.stringify(cyclic)} is on a cycle which no feedback edge closes`);
}

/** Takes away what has no inputs left until nothing more goes (A. B. Kahn, 1962); what stays is behind or on a cycle. */
function nodeOnCycle(ids: readonly string[], outputs: ReadonlyMap<string, readonly string[]>): string | undefined {
  const inputs = new Map<string, number>(ids.map((id) => [id, 0]));
  for (const targets of outputs.values()) for (const to of targets) inputs.set(to, (inputs.get(to) ?? 0) + 1);
  const free = ids.filter((id) => inputs.get(id) === 0);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    inputs.delete(id);
    for (const to of outputs.get(id) ?? []) {
      const left = (inputs.get(to) ?? 0) - 1;
      inputs.set(to, left);
      if (left === 0) free.push(to);
    }
  }
  return inputs.keys().next().value;
}

function checkChains(plan: Plan, nodes: ReadonlyMap<string, PlanNode>): void {
  const chained = new Set<string>();
  for (const chain of plan.chains) {
    if (!Array.isArray(chain.nodes) || chain.nodes.length === 0) refuse(`chain ${JSON.stringify(chain.id)} has no operators`);
    for (const id of chain.nodes) {
      const name = JSON.stringify(id);
      if (chained.has(id)) refuse(`operator ${name} is in two chains`);
      if (nodes.get(id)?.parallelism !== chain.parallelism) refuse(`operator ${name} does not fit its chain's parallelism`);
      chained.add(id);
    }
  }
  for (const id of nodes.keys()) if (!chained.has(id)) refuse(`operator ${JSON.stringify(id)} is in no chain`);
  const chainIds = new Set(plan.chains.map((chain) => chain.id));
  for (const loop of plan.loops) {
    const stranger = (Array.isArray(loop.chains) ? loop.chains : [undefined]).find((id) => id === undefined || !chainIds.has(id));
    if (stranger !== undefined || !Array.isArray(loop.chains)) refuse(`loop ${JSON.stringify(loop.id)} names an unknown chain`);
  }
}

function checkServices(plan: Plan, { maxSlots }: PlanLimits): void {
  const remote = remoteServicesOf(plan);
  if (plan.slots + remote.length > maxSlots) refuse(`its plan has ${remote.length} remote services beside ${plan.slots} workers; the limit here is ${maxSlots} together`);
  for (const { name, maxRestarts = 0 } of remote) {
    if (typeof name !== "string" || name === "") refuse("its plan has a service without a name");
    if (!(Number.isSafeInteger(maxRestarts) && maxRestarts >= 0)) refuse(`service ${JSON.stringify(name)} has the maxRestarts ${String(maxRestarts)}`);
  }
}

function checkSlots(plan: Plan, { maxSlots }: PlanLimits): void {
  const widest = Math.max(...plan.chains.map((chain) => chain.parallelism));
  if (widest > maxSlots) {
    const node = plan.nodes.find((each) => each.parallelism === widest);
    refuse(`operator ${JSON.stringify(node?.id)} has the parallelism ${widest}; the limit here is ${maxSlots}`);
  }
  const slots = slotsOf(plan.nodes);
  if (plan.slots !== slots) refuse(`its plan asks for ${String(plan.slots)} workers, but its widest operators need ${slots}`);
  if (slots > maxSlots) refuse(`its plan asks for ${slots} workers; the limit here is ${maxSlots}`);
}
