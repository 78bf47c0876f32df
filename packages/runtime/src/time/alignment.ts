// Keeps the sources of a group together in event time: who is too far ahead of the slowest rests until that has come on.
//
// Invariants:
//   A1. A group is as far as the least of its sources; those that are idle or have ended are not waited for.
//   A2. Where other processes have sources of the group too, their daemon says how far it is; until it has, nobody rests.

import { deferred, type Clock, type Deferred } from "@sage/core";

export interface AlignmentSettings {
  readonly group: string;
  /** So far a source may be ahead of the group, in milliseconds of event time. */
  readonly maxDriftMs: number;
  /** How often to look, in milliseconds. */
  readonly updateIntervalMs: number;
}

/** How far one group has come: of the least of its sources, in milliseconds since the epoch. */
export interface GroupTime {
  readonly group: string;
  readonly timeMs: number;
}

/** A source of a group. */
export interface AlignedSource {
  readonly alignment: AlignmentSettings;
  /** Infinity: it is not waited for. */
  timeMs(): number;
}

export class Alignment {
  readonly #sources: readonly AlignedSource[];
  readonly #clock: Clock;
  /** Tells the daemon how far the groups are here; undefined: there is no other process. */
  readonly #report: ((times: readonly GroupTime[]) => void) | undefined;
  readonly #times = new Map<string, number>();
  #moved: Deferred<void> | undefined;

  constructor(sources: readonly AlignedSource[], clock: Clock, report: ((times: readonly GroupTime[]) => void) | undefined) {
    this.#sources = sources;
    this.#clock = clock;
    this.#report = report;
  }

  /** Looks again and again, until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#sources.length === 0) return;
    const everyMs = Math.min(...this.#sources.map(({ alignment }) => alignment.updateIntervalMs));
    while (!signal.aborted) {
      await this.#clock.sleep(everyMs, signal).catch(() => {});
      this.look();
    }
    this.#wake();
  }

  look(): void {
    const times = new Map<string, number>();
    for (const { alignment: { group }, timeMs } of this.#sources.map((source) => ({ alignment: source.alignment, timeMs: source.timeMs() }))) {
      times.set(group, Math.min(times.get(group) ?? Infinity, timeMs));
    }
    const all = [...times].map(([group, timeMs]) => ({ group, timeMs }));
    if (this.#report === undefined) this.set(all);
    else this.#report(all);
  }

  /** How far the groups are, over all processes. */
  set(times: readonly GroupTime[]): void {
    for (const { group, timeMs } of times) this.#times.set(group, timeMs);
    this.#wake();
  }

  /** Whether a source that has come to `timeMs` is to rest. */
  isAhead({ group, maxDriftMs }: AlignmentSettings, timeMs: number): boolean {
    const least = this.#times.get(group);
    return least !== undefined && timeMs > least + maxDriftMs;
  }

  /** Resolves when it is worth asking again. */
  moved(): Promise<void> {
    return (this.#moved ??= deferred()).promise;
  }

  #wake(): void {
    this.#moved?.resolve();
    this.#moved = undefined;
  }
}
