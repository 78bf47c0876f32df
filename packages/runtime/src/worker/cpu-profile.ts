// A V8 CPU profile of this process, as a file for DevTools and as the functions that took most.

import { Session } from "node:inspector/promises";
import type { Profiler } from "node:inspector";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { gzip } from "node:zlib";
import { messageOf, systemClock } from "@sage/core";
import type { Graph } from "@sage/graph";
import type { Plan, Profile, ProfiledInit, ProfileFunction, ProfileOperator } from "@sage/protocol";
import type { UserSources } from "../user-sources.ts";
import { namedFunctions, placeKey, type NamedFunction } from "./named-functions.ts";

const samplingIntervalUs = 500;
const mostFunctions = 30;
/** How often it is asked what is waited for, in milliseconds. */
const waitsEveryMs = 5;
/** What starts the profile: native code, on which a tenth of a second goes in a large program. */
const profiler = "dispatch";

/** The program that is profiled. */
export interface ProfiledProgram {
  readonly sources: UserSources;
  readonly graph: Graph;
  readonly plan: Plan;
  /** Names of the operators whose promises are waited for now; absent: not known. */
  readonly awaited?: () => readonly string[];
}

/**
 * Does not reject: what went wrong is in the answer. One at a time in a process: see `CpuProfiles`.
 *
 * @param program - if it is there: names and places are the user's.
 * @param signal - nobody waits for it any more.
 */
export async function takeProfile({ id, durationMs }: Profile, program: ProfiledProgram | undefined, signal?: AbortSignal): Promise<ProfiledInit> {
  const session = new Session();
  try {
    session.connect();
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: samplingIntervalUs });
    const named = program ? await namedFunctions(session, program.graph, program.plan) : new Map<string, NamedFunction>();
    await inline(session, false);
    await session.post("Profiler.start");
    const startedMs = performance.now();
    const waits = await watchWaits(durationMs, program?.awaited, signal);
    const { profile } = await session.post("Profiler.stop");
    const tookMs = Math.round(performance.now() - startedMs);
    const located = locate(profile, named, program?.sources);
    const cpuprofileGzip = await promisify(gzip)(JSON.stringify(located));
    return { id, profile: { durationMs: tookMs, cpuprofileGzip, functions: functionsOf(located, program?.sources), operators: operatorsOf(profile, named, waits) } };
  } catch (error) {
    return { id, error: messageOf(error) };
  } finally {
    await inline(session, true);
    session.disconnect();
  }
}

/** Milliseconds that were waited for promises of each operator, until the time is over: what passed without processor time. */
async function watchWaits(durationMs: number, awaited: () => readonly string[] = () => [], signal?: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const waits = new Map<string, number>();
  const startedMs = performance.now();
  for (let atMs = startedMs; atMs < startedMs + durationMs; ) {
    const before = process.cpuUsage();
    await systemClock.sleep(Math.min(waitsEveryMs, startedMs + durationMs - atMs), signal);
    const { user, system } = process.cpuUsage(before);
    const waitedMs = Math.max(0, performance.now() - atMs - (user + system) / 1_000);
    atMs = performance.now();
    for (const operator of new Set(awaited())) waits.set(operator, (waits.get(operator) ?? 0) + waitedMs);
  }
  return waits;
}

/**
 * Whether V8 may compile functions into their callers. A profile counts such a function as its caller, and a chain is the
 * caller of all its operators: so not while a profile is taken, which costs each call some nanoseconds.
 */
async function inline(session: Session, mayInline: boolean): Promise<void> {
  setFlagsFromString(mayInline ? "--turbo-inlining" : "--no-turbo-inlining");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false }); // lets all compiled code go, to be compiled anew
  await session.post("Profiler.stopPreciseCoverage");
}

/** With the user's sources as the places of their functions, and the classes of operators' methods in their names. */
function locate(profile: Profiler.Profile, named: ReadonlyMap<string, NamedFunction>, sources: UserSources | undefined): Profiler.Profile {
  if (sources === undefined) return profile;
  const nodes = profile.nodes.map((node) => {
    const functionName = named.get(placeKey(node.callFrame))?.name ?? node.callFrame.functionName;
    const callFrame = { ...node.callFrame, functionName };
    const found = sources.locate(pathOf(callFrame.url), callFrame.lineNumber + 1, callFrame.columnNumber + 1);
    if (found === undefined) return { ...node, callFrame: { ...callFrame, url: callFrame.url === import.meta.url ? "sage:worker.mjs" : sources.withoutPaths(callFrame.url) } };
    return { ...node, callFrame: { ...callFrame, url: found.source, lineNumber: found.line - 1, columnNumber: found.column - 1 } };
  });
  return { ...profile, nodes };
}

function pathOf(url: string): string {
  try {
    return url.startsWith("file://") ? fileURLToPath(url) : url;
  } catch {
    return url;
  }
}

/** Sage's own files and Node's are not the user's. */
const foreign = /^(node:|sage:|sage-chain\/|evalmachine)|(^|\/)(node_modules|packages\/\w[\w-]*\/(src|dist))\//;

/** How long each node was the innermost one, in milliseconds. */
function ownTimes({ samples = [], timeDeltas = [] }: Profiler.Profile): Map<number, number> {
  const ownMs = new Map<number, number>();
  samples.forEach((id, i) => ownMs.set(id, (ownMs.get(id) ?? 0) + (timeDeltas[i] ?? 0) / 1_000));
  return ownMs;
}

/** How long each operator's code ran, what it called included: of operators that call one another the innermost counts. */
function operatorsOf(profile: Profiler.Profile, named: ReadonlyMap<string, NamedFunction>, waits: ReadonlyMap<string, number>): ProfileOperator[] {
  const ownMs = ownTimes(profile);
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const totals = new Map<string, number>();
  const waiting = profile.nodes[0] ? [{ id: profile.nodes[0].id, within: "" }] : [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { callFrame, children = [] } = byId.get(next.id)!;
    const within = named.get(placeKey(callFrame))?.operators.join(", ") ?? next.within;
    if (within !== "") totals.set(within, (totals.get(within) ?? 0) + (ownMs.get(next.id) ?? 0));
    for (const id of children) waiting.push({ id, within });
  }
  const names = new Set([...totals.keys(), ...waits.keys()]);
  return [...names].map((name) => ({ name, totalMs: totals.get(name) ?? 0, waitedMs: waits.get(name) ?? 0 }))
    .filter(({ totalMs, waitedMs }) => totalMs + waitedMs > 0).sort((a, b) => b.totalMs + b.waitedMs - (a.totalMs + a.waitedMs));
}

/** Those that took most by themselves, first. */
export function functionsOf(profile: Profiler.Profile, sources: UserSources | undefined): ProfileFunction[] {
  const selfMs = ownTimes(profile);
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const found = new Map<string, ProfileFunction>();
  /** Adds up a node and what it called; a function that calls itself counts once. */
  const visit = (id: number, above: ReadonlySet<string>): number => {
    const node = byId.get(id)!;
    const { functionName, url, lineNumber } = node.callFrame;
    const place = url === "" ? "" : `${url}:${lineNumber + 1}`;
    const key = `${functionName} ${place}`;
    const within = above.has(key) ? above : new Set(above).add(key);
    const own = selfMs.get(id) ?? 0;
    const totalMs = (node.children ?? []).reduce((sum, child) => sum + visit(child, within), own);
    const known = found.get(key) ?? { name: functionName || "(anonymous)", place, selfMs: 0, totalMs: 0, isUsers: sources !== undefined && url !== "" && !foreign.test(url) };
    found.set(key, { ...known, selfMs: known.selfMs + own, totalMs: known.totalMs + (above.has(key) ? 0 : totalMs) });
    return totalMs;
  };
  if (profile.nodes[0]) visit(profile.nodes[0].id, new Set());
  return [...found.values()].filter(({ name, place, selfMs: own }) => own > 0 && name !== "(root)" && !(name === profiler && place === "")).sort((a, b) => b.selfMs - a.selfMs).slice(0, mostFunctions);
}
