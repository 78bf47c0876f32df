// What the gangs of this daemon have asked of the cluster since the last time that none was coming up, and whether Ray has
// given it. Ray tells of no actor whether it has its place: one that is being started has, one that waits for room has not.

import { lacks, sumOf, type Demand } from "./ray-placement.ts";

export interface Room {
  /** By Ray's names; what is used up is missing. */
  readonly free: Readonly<Record<string, number>>;
  readonly total: Readonly<Record<string, number>>;
}

export class Claims {
  readonly #room: (signal: AbortSignal) => Promise<Room>;
  #before: Promise<Room> | undefined;
  #claimed: Demand[] = [];
  #open = 0;

  constructor(room: (signal: AbortSignal) => Promise<Room>) {
    this.#room = room;
  }

  /** To be awaited before the first claim of a gang. */
  async begin(signal: AbortSignal): Promise<void> {
    this.#open++;
    this.#before ??= this.#room(signal);
    await this.#before.catch(() => {}); // then nobody is called short
  }

  /** A worker is asked of Ray. */
  claim(demand: Demand): void {
    this.#claimed.push(demand);
  }

  /** The gang is up, or has let go. */
  end(): void {
    if (--this.#open > 0) return;
    this.#before = undefined;
    this.#claimed = [];
  }

  /** Whether Ray has not given all that was claimed, and has no room for those that are missing. */
  async isShort(missing: readonly Demand[], signal: AbortSignal): Promise<boolean> {
    const before = await this.#before?.catch(() => undefined);
    if (!before) return false;
    const { free } = await this.#room(signal);
    const given = (name: string) => (before.free[name] ?? 0) - (free[name] ?? 0);
    return lacks(sumOf(missing), free) && Object.entries(sumOf(this.#claimed)).some(([name, amount]) => given(name) < amount - 1e-9);
  }
}
