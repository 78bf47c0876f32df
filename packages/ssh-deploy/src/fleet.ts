// Work on many hosts at once: bounded, each with its own deadline, run to the end; every host that failed is reported.
//
// Invariants:
//   W1. One host's failure, silence or slowness costs the others nothing but its place in the line.
//   W2. Every host has an outcome, in the order in which the hosts were given.
import { setMaxListeners } from "node:events";
import { isSageError, messageOf, systemClock, type Clock } from "@sage/core";
import { withDeadline } from "./deadline.ts";
import type { Host } from "./host.ts";
import { Slots } from "./slots.ts";

export type Outcome<T> =
  | { readonly host: string; readonly kind: "done"; readonly value: T; readonly tookMs: number }
  | { readonly host: string; readonly kind: "failed"; readonly error: unknown; readonly cause: string; readonly fix: string | undefined; readonly tookMs: number };

export interface FleetReport<T> {
  readonly outcomes: readonly Outcome<T>[];
  readonly done: readonly Extract<Outcome<T>, { kind: "done" }>[];
  readonly failed: readonly Extract<Outcome<T>, { kind: "failed" }>[];
}

export type FleetEvent =
  | { readonly host: string; readonly kind: "started" }
  /** What it does now, in the words of the work. */
  | { readonly host: string; readonly kind: "progress"; readonly text: string }
  | { readonly host: string; readonly kind: "done"; readonly tookMs: number }
  | { readonly host: string; readonly kind: "failed"; readonly cause: string; readonly tookMs: number };

export interface FleetOptions {
  /** Hosts worked on at a time; default 16. */
  readonly concurrency?: number;
  /** For each host, from its start; default 300,000. */
  readonly deadlineMs?: number;
  /** Ends all of the work; hosts not yet begun fail with its reason. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: FleetEvent) => void;
  readonly clock?: Clock;
}

export interface HostTask {
  readonly signal: AbortSignal;
  /** Tells the operator what this host is doing. */
  progress(text: string): void;
}

/** Never rejects for what happens on a host: look into the report. */
export async function onEachHost<H extends { readonly name: string }, T>(hosts: readonly H[], work: (host: H, task: HostTask) => Promise<T>, options: FleetOptions = {}): Promise<FleetReport<T>> {
  const { concurrency = 16, deadlineMs = 300_000, onEvent = () => {}, clock = systemClock } = options;
  const slots = new Slots(concurrency);
  using line = listenForMany(options.signal);
  const { signal } = line;
  const one = async (target: H): Promise<Outcome<T>> => {
    const host = target.name;
    let startedMs = clock.monotonicMs();
    let giveBack = () => {};
    const tookMs = () => Math.round(clock.monotonicMs() - startedMs);
    try {
      giveBack = await slots.take(signal);
      startedMs = clock.monotonicMs();
      onEvent({ host, kind: "started" });
      const progress = (text: string) => onEvent({ host, kind: "progress", text });
      const value = await withDeadline(`work on ${host}`, deadlineMs, signal, (limit) => work(target, { signal: limit, progress }));
      onEvent({ host, kind: "done", tookMs: tookMs() });
      return { host, kind: "done", value, tookMs: tookMs() };
    } catch (error) {
      const { cause, fix } = explain(error);
      onEvent({ host, kind: "failed", cause, tookMs: tookMs() });
      return { host, kind: "failed", error, cause, fix, tookMs: tookMs() };
    } finally {
      giveBack();
    }
  };
  const outcomes = await Promise.all(hosts.map(one)); // W2
  return {
    outcomes,
    done: outcomes.filter((outcome) => outcome.kind === "done"),
    failed: outcomes.filter((outcome) => outcome.kind === "failed"),
  };
}

/** A signal that any number may listen to: Node warns of more than ten on one that it does not know to be meant so. */
function listenForMany(signal: AbortSignal | undefined): Disposable & { readonly signal: AbortSignal } {
  const all = new AbortController();
  setMaxListeners(0, all.signal);
  const onAbort = () => all.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  return { signal: all.signal, [Symbol.dispose]: () => signal?.removeEventListener("abort", onAbort) };
}

/** Why a host failed, and what to do about it, as one sentence each. */
function explain(error: unknown): { readonly cause: string; readonly fix: string | undefined } {
  return { cause: messageOf(error), fix: isSageError(error) ? error.hint : undefined };
}

/** A host that can tell that it is gone. */
type OpenHost = Host & { readonly ended?: AbortSignal };

/** Hosts with connections that are opened at first use and kept: a second round costs no handshake. */
export class Fleet<S extends { readonly name: string }> implements AsyncDisposable {
  readonly specs: readonly S[];
  readonly #open: (spec: S, signal: AbortSignal) => Promise<OpenHost>;
  readonly #options: FleetOptions;
  readonly #hosts = new Map<S, OpenHost>();

  constructor(specs: readonly S[], open: (spec: S, signal: AbortSignal) => Promise<OpenHost>, options: FleetOptions = {}) {
    this.specs = specs;
    this.#open = open;
    this.#options = options;
  }

  /** Works on every host, or on `only` these; a connection that was lost since is opened anew. */
  async each<T>(work: (host: Host, task: HostTask & { readonly spec: S }) => Promise<T>, options: FleetOptions & { readonly only?: readonly S[] } = {}): Promise<FleetReport<T>> {
    return onEachHost(options.only ?? this.specs, async (spec, task) => work(await this.#hostFor(spec, task.signal), { ...task, spec }), { ...this.#options, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const hosts = [...this.#hosts.values()];
    this.#hosts.clear();
    await Promise.all(hosts.map((host) => host[Symbol.asyncDispose]()));
  }

  async #hostFor(spec: S, signal: AbortSignal): Promise<OpenHost> {
    const kept = this.#hosts.get(spec);
    if (kept && kept.ended?.aborted !== true) return kept;
    const opened = await this.#open(spec, signal);
    if (signal.aborted) {
      await opened[Symbol.asyncDispose]();
      throw signal.reason;
    }
    const other = this.#hosts.get(spec);
    if (other && other !== kept) {
      await opened[Symbol.asyncDispose](); // two rounds at once opened it
      return other;
    }
    this.#hosts.set(spec, opened);
    return opened;
  }
}
