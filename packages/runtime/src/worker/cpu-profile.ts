// A V8 CPU profile of this process, as a file for DevTools and as the functions that took most.

import { Session } from "node:inspector/promises";
import type { Profiler } from "node:inspector";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { messageOf, systemClock } from "@sage/core";
import type { Profile, ProfiledInit, ProfileFunction } from "@sage/protocol";
import type { UserSources } from "../user-sources.ts";

const samplingIntervalUs = 500;
const mostFunctions = 30;

/** @param sources - of the program, if it is there: places are the user's. Does not reject: what went wrong is in the answer. */
export async function takeProfile({ id, durationMs }: Profile, sources: UserSources | undefined): Promise<ProfiledInit> {
  const session = new Session();
  try {
    session.connect();
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: samplingIntervalUs });
    await session.post("Profiler.start");
    const startedMs = performance.now();
    await systemClock.sleep(durationMs);
    const { profile } = await session.post("Profiler.stop");
    const tookMs = Math.round(performance.now() - startedMs);
    const located = locate(profile, sources);
    return { id, profile: { durationMs: tookMs, cpuprofileGzip: await promisify(gzip)(JSON.stringify(located)), functions: functionsOf(located, sources) } };
  } catch (error) {
    return { id, error: messageOf(error) };
  } finally {
    session.disconnect();
  }
}

/** With the user's sources as the places of their functions. */
function locate(profile: Profiler.Profile, sources: UserSources | undefined): Profiler.Profile {
  if (sources === undefined) return profile;
  const nodes = profile.nodes.map((node) => {
    const { callFrame } = node;
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

/** Those that took most by themselves, first. */
export function functionsOf(profile: Profiler.Profile, sources: UserSources | undefined): ProfileFunction[] {
  const selfMs = new Map<number, number>();
  (profile.samples ?? []).forEach((id, i) => selfMs.set(id, (selfMs.get(id) ?? 0) + (profile.timeDeltas?.[i] ?? 0) / 1_000));
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
  return [...found.values()].filter(({ name, selfMs: own }) => own > 0 && name !== "(root)").sort((a, b) => b.selfMs - a.selfMs).slice(0, mostFunctions);
}
