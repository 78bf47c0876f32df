// Says in words what holds a job back. Pure.
//
// The bottleneck is the chain that is busy itself while those before it are back-pressured: what they wait for is it. The
// parallelism that would help follows from how much more its sources could give (V. Kalavri et al., "Three steps is all
// you need", OSDI 2018): a source that is back-pressured for part b of its time could give 1 / (1 - b) times as much.
//
// A source is no bottleneck: where all that is behind it keeps up, the job runs as fast as the source gives. One that
// waits within its own code counts as busy, so its load says nothing about whether it computes.

import type { ServiceView__Output as ServiceView } from "../gen/sage/v1/ServiceView.ts";
import { chainGroups, type ChainGroup, type ChainTask, type PlannedJob } from "./task-groups.ts";

export type FindingKind = "bottleneck" | "parallelism" | "skew" | "worker" | "sink" | "service" | "blocked" | "operator" | "source" | "idle" | "restarts" | "unknown";

export interface Finding {
  readonly kind: FindingKind;
  readonly text: string;
  /** The operator or service that it is about. */
  readonly operator?: string;
  /** Parallel instance, from 0. */
  readonly index?: number;
}

export interface WhySlow {
  readonly jobId: string;
  /** The chain that holds the job back; absent where none does. */
  readonly bottleneck?: {
    /** In the plan. */
    readonly chainId: string;
    readonly chain: string;
    readonly operators: readonly string[];
    /** The one that takes most of the chain's time; of a chain of several known only with {@link withOperator}. */
    readonly operator?: string;
    readonly parallelism: number;
    /** Parts of the time, 0 to 1. */
    readonly busy: number;
    /** How much of their time those before it wait for it: the one that waits most. */
    readonly pressure: number;
    /** The worker whose instance is busiest. */
    readonly workerIndex: number;
    /** Absent where more would not help. */
    readonly parallelismThatHelps?: number;
  };
  /** What matters most first; never empty. */
  readonly findings: readonly Finding[];
}

const busyFrom = 0.7;
const pressedFrom = 0.1;
/** An instance with so many times its share is skewed. */
const skewFrom = 2;
/** No advice goes further at once: beyond, the measure says too little. */
const mostTimes = 8;

/** A job with its plan, as the wire or as JSON has it. */
export interface SlowJob extends PlannedJob {
  readonly jobId: string;
  readonly services: readonly ServiceView[];
  /** The newest last. */
  readonly restarts: readonly { readonly cause: string }[];
  readonly restartCount: number;
}

export function whySlow(job: SlowJob): WhySlow {
  const groups = chainGroups(job);
  const blocked = blockFindings(job);
  const rest = [...serviceFindings(job), ...restartFindings(job)];
  if (!groups.some(({ tasks }) => tasks.some(({ load }) => load.busy + load.backPressured + load.idle > 0))) {
    return { jobId: job.jobId, findings: [...blocked, ...rest, { kind: "unknown", text: "nothing was measured yet: the job's tasks have not run for a second" }] };
  }
  const found = bottleneckOf(groups);
  if (found === undefined) return { jobId: job.jobId, findings: [...blocked, ...rest, ...quietFindings(groups)] };
  if (isSourceBound(found, groups)) return { jobId: job.jobId, findings: [...blocked, sourceBound(found), ...workerFindings(found, groups), ...rest] };
  const skew = skewOf(found);
  const helps = skew === undefined ? parallelismThatHelps(found, groups) : undefined;
  const busiest = busiestOf(found);
  return {
    jobId: job.jobId,
    bottleneck: {
      chainId: found.id, chain: found.name, operators: found.operators.map(({ name }) => name), ...(found.operators.length === 1 ? { operator: found.operators[0]!.name } : {}), parallelism: found.parallelism, busy: round(busiest.load.busy), pressure: round(pressureOn(found, groups)), workerIndex: busiest.instance.index,
      ...(helps === undefined ? {} : { parallelismThatHelps: helps }),
    },
    findings: [...blocked, sentenceOf(found, groups), ...(skew ? [skew] : adviceFor(found, helps)), ...workerFindings(found, groups), ...rest],
  };
}

/** A look into the worker of the bottleneck. */
export interface OperatorTimes {
  readonly durationMs: number;
  /** Milliseconds in its code, and those that its chain waited for a promise of it. */
  readonly operators: readonly { readonly name: string; readonly totalMs: number; readonly waitedMs: number }[];
}

/** An operator that takes less of the time is not what a chain is slow by. */
const operatorFrom = 0.1;

/** Names the operator of a chain of several that takes most of its time. */
export function withOperator(answer: WhySlow, { durationMs, operators }: OperatorTimes): WhySlow {
  const { bottleneck, findings } = answer;
  if (bottleneck === undefined || bottleneck.operators.length === 1) return answer;
  const ofChain = operators.filter(({ name }) => name.split(", ").some((each) => bottleneck.operators.includes(each)));
  const partOf = ({ totalMs, waitedMs }: OperatorTimes["operators"][number]) => (totalMs + waitedMs) / durationMs;
  const [most, ...others] = [...ofChain].sort((a, b) => partOf(b) - partOf(a));
  const at = findings.findIndex(({ operator }) => operator !== undefined && bottleneck.operators.includes(operator)) + 1;
  if (most === undefined || partOf(most) < operatorFrom) {
    const parts = percent(ofChain.reduce((sum, each) => sum + partOf(each), 0));
    return { ...answer, findings: findings.toSpliced(at, 0, { kind: "operator", text: `none of its operators is to blame: their code takes ${parts} of the time. The rest is Sage's own work on records, keys, windows and state, ${findings[at - 1]?.kind === "source" ? "its source" : "another task of that worker"}, or the machine` }) };
  }
  const rest = others.filter((each) => partOf(each) >= 0.01).slice(0, 4).map((each) => `${each.name} ${percent(partOf(each))}`).join(", ");
  const how = most.waitedMs > most.totalMs ? `the chain waits ${percent(most.waitedMs / durationMs)} of the time for its promises` : `its code runs ${percent(most.totalMs / durationMs)} of the time`;
  const operator = { kind: "operator", operator: most.name, index: bottleneck.workerIndex, text: `of its operators ${most.name} takes most: ${how}${rest === "" ? "" : `; ${rest}`}` } as const;
  const ofLast = findings.map((each) => (each.operator === bottleneck.operators.at(-1) ? { ...each, operator: most.name } : each));
  return { ...answer, bottleneck: { ...bottleneck, operator: most.name }, findings: ofLast.toSpliced(at, 0, operator) };
}

/** The last chain of the stream that is busy, and makes those before it wait; else the busiest that nothing holds back. */
function bottleneckOf(groups: readonly ChainGroup[]): ChainGroup | undefined {
  const busy = groups.filter((group) => busiestOf(group).load.busy >= busyFrom && group.mean.backPressured < 0.5);
  const pressing = busy.filter((group) => pressureOn(group, groups) >= pressedFrom);
  const work = (group: ChainGroup) => { const { load } = busiestOf(group); return load.busy - load.turn; };
  const most = (some: readonly ChainGroup[]) => [...some].sort((a, b) => work(b) - work(a))[0];
  return most(pressing) ?? most(busy) ?? groups.find((group) => pressureOn(group, groups) >= 0.5 && group.mean.backPressured < pressedFrom);
}

/** Whether it is a source alone in its chain, and nothing that it sends to works as hard. */
const isSourceBound = (found: ChainGroup, groups: readonly ChainGroup[]): boolean =>
  found.isSource && found.operators.length === 1 && groups.every((group) => group.isSource || busiestOf(group).load.busy < busyFrom);

/** How much those that send to it wait, 0 to 1: the one that waits most. */
function pressureOn({ from }: ChainGroup, groups: readonly ChainGroup[]): number {
  return Math.max(0, ...from.map(({ id }) => groups.find((group) => group.id === id)?.mean.backPressured ?? 0));
}

function busiestOf({ tasks }: ChainGroup): ChainTask {
  return tasks.reduce((most, task) => (task.load.busy > most.load.busy ? task : most), tasks[0]!);
}

function sourceBound(group: ChainGroup): Finding {
  const { instance, load } = busiestOf(group);
  return {
    kind: "source", operator: group.operators[0]!.name, index: instance.index,
    text: `the job runs as fast as its source gives: ${group.name} is at it ${percent(load.busy)} of its time, which includes what it waits for within its own code, and everything behind it keeps up. Faster is only what gives more: another source, or more instances where it can be split. What takes its time: --profile`,
  };
}

function sentenceOf(group: ChainGroup, groups: readonly ChainGroup[]): Finding {
  const { instance, load } = busiestOf(group);
  const name = nameOf(group);
  const before = group.from.map(({ id }) => groups.find((each) => each.id === id)).filter((each) => each !== undefined && each.mean.backPressured >= pressedFrom) as ChainGroup[];
  const waits = before.map((each) => `${each.name} waits for it ${percent(each.mean.backPressured)} of its time`).join(", ");
  const all = group.parallelism > 1 ? ` (its ${group.parallelism} instances on average ${percent(group.mean.busy)})` : "";
  const kind = group.isSource ? "source" : group.isSink && group.operators.length === 1 ? "sink" : "bottleneck";
  const text = group.isSource
    ? `${name} sets the pace: it is busy ${percent(load.busy)} of its time${all}, ${group.operators.length > 1 ? "its source's own waits included, " : ""}and nothing behind it holds it back`
    : `${name} is the bottleneck: instance ${instance.index} is busy ${percent(load.busy)} of its time${all}${waits === "" ? "" : `, and ${waits}`}`;
  return { kind, text, operator: group.operators.at(-1)!.name, index: instance.index };
}

/** Undefined where it cannot be said. */
function parallelismThatHelps(group: ChainGroup, groups: readonly ChainGroup[]): number | undefined {
  const pressure = Math.min(1 - 1 / mostTimes, pressureOn(group, groups));
  const times = group.mean.busy / (1 - pressure);
  const wanted = Math.ceil(group.parallelism * Math.max(times, group.isSource ? 2 : 1.05));
  return wanted > group.parallelism ? wanted : undefined;
}

function adviceFor(group: ChainGroup, helps: number | undefined): Finding[] {
  if (helps === undefined) return [];
  const operator = group.operators.at(-1)!.name;
  const waiting = group.operators.some(({ concurrency }) => concurrency > 1) ? "more `concurrency`" : "`{ concurrency: … }`";
  return [{
    kind: "parallelism", operator,
    text: `about ${helps} instances of it would keep up (now ${group.parallelism}), if there are cores for them; if it waits for another system more than it computes, ${waiting} does it with none. What takes its time: \`sage job why-slow --profile\``,
  }];
}

/** An instance that gets far more than its share: of keys, more instances do not help. */
function skewOf(group: ChainGroup): Finding | undefined {
  if (group.tasks.length < 2 || !group.from.some(({ byKey }) => byKey)) return undefined;
  const total = group.tasks.reduce((sum, { instance }) => sum + instance.recordsIn, 0);
  const most = group.tasks.reduce((a, b) => (b.instance.recordsIn > a.instance.recordsIn ? b : a));
  const share = total === 0 ? 0 : most.instance.recordsIn / total;
  const times = share * group.tasks.length;
  if (times < Math.min(skewFrom, group.tasks.length * 0.75)) return undefined;
  return {
    kind: "skew", operator: group.operators[0]!.name, index: most.instance.index,
    text: `its keys are uneven: instance ${most.instance.index} of ${group.tasks.length} takes ${percent(share)} of the records. More instances do not help a key that is hot; combine records before the keyBy, or add something to the key and combine in a second step`,
  };
}

/** Tasks of one worker share its event loop. */
function workerFindings(group: ChainGroup, groups: readonly ChainGroup[]): Finding[] {
  const { instance, load } = busiestOf(group);
  if (load.turn < 0.25) return [];
  const others = groups.flatMap((each) => each.tasks.filter((task) => task.instance.index === instance.index && each !== group && task.load.busy - task.load.turn > 0.1).map(() => each.name));
  if (others.length === 0) return [];
  return [{ kind: "worker", index: instance.index, text: `worker ${instance.index} is full: it waits ${percent(load.turn)} of its time for its turn behind ${others.join(", ")} in the same worker; a higher parallelism of the job spreads them over more workers` }];
}

function quietFindings(groups: readonly ChainGroup[]): Finding[] {
  const sources = groups.filter(({ isSource }) => isSource);
  const isWaiting = sources.every(({ mean }) => mean.idle >= 0.5);
  const names = sources.map(({ name }) => name).join(", ");
  return [isWaiting
    ? { kind: "idle", text: `nothing holds the job back: its sources (${names}) wait for their input ${percent(Math.min(...sources.map(({ mean }) => mean.idle)))} of their time, and every operator keeps up` }
    : { kind: "idle", text: "no operator is busy enough to be a bottleneck" }];
}

/** What blocks an event loop, or has: a sentence, and below it the lines of the stack. */
export function blockFindings(job: Pick<SlowJob, "operators">): Finding[] {
  return job.operators.flatMap(({ name, instances }) => instances.flatMap(({ index, block, blocks }): Finding[] => {
    if (!block) return [];
    const seconds = (block.durationMs / 1_000).toFixed(1);
    const at = block.stack === "" ? "" : `:\n${block.stack}`;
    const text = block.isOver ? `${name}[${index}] has blocked its worker's event loop ${blocks === 1 ? "once" : `${blocks} times`}, last for ${seconds} s${at}` : `${name}[${index}] blocks its worker's event loop since ${seconds} s: nothing else of worker ${index} goes on${at}`;
    return [{ kind: "blocked", text, operator: name, index }];
  }));
}

function serviceFindings(job: SlowJob): Finding[] {
  return job.services.flatMap(({ name, index, queued, calls, failures }): Finding[] => [
    ...(queued > 0 ? [{ kind: "service", operator: name, index, text: `the service ${name} of worker ${index} is slow: ${queued} calls wait for it` } as const] : []),
    ...(failures > 0 ? [{ kind: "service", operator: name, index, text: `the service ${name} of worker ${index} has failed ${failures} of ${calls} calls` } as const] : []),
  ]);
}

function restartFindings({ restartCount, restarts }: SlowJob): Finding[] {
  const last = restarts.at(-1);
  return restartCount === 0 || last === undefined ? [] : [{ kind: "restarts", text: `the job was started again ${restartCount === 1 ? "once" : `${restartCount} times`}, last because ${last.cause}` }];
}

/** A long chain by its ends. */
const nameOf = ({ name, operators }: ChainGroup): string =>
  operators.length > 5 ? `the chain ${operators[0]!.name} → … → ${operators.at(-1)!.name}` : operators.length > 1 ? `the chain ${name}` : name;
const percent = (part: number): string => `${Math.round(part * 100)} %`;
const round = (part: number): number => Math.round(part * 1_000) / 1_000;
