// How a command gets at the cluster: the configuration is loaded, its warnings are said, hosts are opened when they are
// used, progress goes to stderr with one line for each thing that a host does.
import type { Cluster } from "@sage/config";
import type { ClusterSession } from "@sage/cluster";
import { isSageError, type Clock } from "@sage/core";
import { paint, type Io } from "../io.ts";
import { flagsOf, hintOf, hintsIn } from "./hints.ts";
import type { OptionTable } from "../options.ts";

export const clusterOptions = {
  config: { type: "string", value: "FILE", help: "configuration, of either dialect; default: SAGE_CONFIG, else ~/.sage/config.yaml" },
  cluster: { type: "string", value: "NAME", help: "a named cluster of the configuration" },
} as const satisfies OptionTable;

export const dryRunOption = { "dry-run": { type: "boolean", help: "say what would be done on each host, and change nothing" } } as const satisfies OptionTable;

export interface ClusterCall {
  readonly options: { readonly config?: string | undefined; readonly cluster?: string | undefined };
  readonly env: NodeJS.ProcessEnv;
  readonly io: Io;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly forPrograms: boolean;
  /** Also NOKUBE_DEBUG turns the log of remote commands on. */
  readonly isNokube?: boolean;
  /** No progress lines: the answer is at hand in a moment. */
  readonly isShort?: boolean;
  /** Where no cluster is configured, this machine is meant. */
  readonly orThisMachine?: boolean;
}

/** The configuration of the cluster; its warnings are written. @throws ConfigError */
export async function loadClusterFor({ options, env, io, orThisMachine = false }: Pick<ClusterCall, "options" | "env" | "io" | "orThisMachine">): Promise<Cluster> {
  const { formatFinding, loadCluster } = await import("@sage/config");
  const load = { env, ...(options.config === undefined ? {} : { path: options.config }), ...(options.cluster === undefined ? {} : { cluster: options.cluster }) };
  const { cluster, warnings } = await loadCluster(load).catch((error: unknown) => {
    if (orThisMachine && isSageError(error) && error.code === "SAGE_CONFIG") return loadCluster({ ...load, flags: { "head.host": "localhost" } }); // what else is wrong is said then
    throw error;
  });
  for (const warning of warnings) io.note(paint("yellow", "warning: "), formatFinding(warning));
  return cluster;
}

/** Opens the cluster for one command. */
export async function withCluster<T>(call: ClusterCall, work: (session: ClusterSession) => Promise<T>): Promise<T> {
  const cluster = await loadClusterFor(call);
  return withHints(call, async () => {
    await using session = await openSession(cluster, call);
    return await work(session);
  });
}

/** The commands that its result, or its error, proposes are for the cluster that this call is for. */
export async function withHints<T>({ options }: Pick<ClusterCall, "options">, work: () => Promise<T>): Promise<T> {
  const flags = flagsOf(options);
  return work().then((result) => hintsIn(result, flags), (error: unknown) => { throw hintOf(error, flags); });
}

export async function openSession(cluster: Cluster, { env, io, clock, signal, forPrograms, isNokube = false, isShort = false }: ClusterCall): Promise<ClusterSession> {
  const [{ ClusterSession: Session }, { loggerTo }] = await Promise.all([import("@sage/cluster"), import("@sage/core")]);
  const debug = Boolean(env["SAGE_DEBUG"]) || (isNokube && Boolean(env["NOKUBE_DEBUG"]));
  const quiet = forPrograms || isShort;
  const said = new Set<string>();
  const isNews = calmProgress(clock);
  return new Session(cluster, {
    env, signal, clock,
    ...(debug ? { logger: loggerTo((_level, message, fields) => io.error(paint("dim", `debug: ${message} ${JSON.stringify(fields)}`))) } : {}),
    onWarning: (text) => {
      if (!said.has(text)) io.note(paint("yellow", "warning: "), text);
      said.add(text);
    },
    onEvent: (event) => {
      if (quiet) return;
      if (event.kind === "progress") {
        if (isNews(event.host, event.text)) io.note(paint("cyan", event.host), `  ${event.text}`);
      }
      else if (event.kind === "failed" && isNews(event.host, `failed: ${event.cause}`)) io.note(paint("red", event.host), `  failed: ${event.cause}`);
    },
  });
}

const percentEveryMs = 5_000;

/** Whether a line is worth showing: of a growing percentage one every few seconds; of the same line again, none. */
export function calmProgress(clock: Pick<Clock, "monotonicMs">): (host: string, text: string) => boolean {
  const last = new Map<string, { readonly what: string; readonly atMs: number }>();
  return (host, text) => {
    const what = text.replace(/\d+ %$/, "");
    const before = last.get(host);
    const atMs = clock.monotonicMs();
    if (what === text && before?.what === what) return false;
    if (what !== text && before?.what === what && atMs - before.atMs < percentEveryMs) return false;
    last.set(host, { what, atMs });
    return true;
  };
}
