// Workers that a job needs all at once, on a cluster that is shared with others.
//
// Invariants:
//   G1. None is handed out before all are up.
//   G2. While some are up and others find no room, nothing is held for long: then all let go, and wait holding nothing.
//   G3. Behind that, one gang at a time tries again, when there is room for all of it: two cannot keep each other waiting.

import { deferred, TaskGroup, type Clock, type Deferred, type Logger } from "@sage/core";
import { orAborted } from "../../../waits.ts";
import { Claims, type Room } from "./claims.ts";
import { freeText, lacks, sumOf, type Demand } from "./ray-placement.ts";

export interface GangSpec {
  /** The same for all members. */
  readonly id: string;
  readonly demands: readonly Demand[];
}

export interface Member<T> {
  readonly demand: Demand;
  /** Asked once for all members. @throws when the demands could not be met together, not even by an idle cluster */
  check(demands: readonly Demand[], signal: AbortSignal): Promise<void>;
  /** Brings the worker up; what it has made is gone when it rejects. @param claim - called when it asks Ray for resources. */
  launch(signal: AbortSignal, claim: () => void): Promise<T>;
  /** Keeps one that is up from ending while it waits for the others; until the signal. */
  hold(up: T, signal: AbortSignal): Promise<void>;
  drop(up: T): Promise<void>;
  onWaiting?(why: string): void;
}

export interface GangsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  room(signal: AbortSignal): Promise<Room>;
  /** Ends what holds resources for nobody; whether there was any. */
  makeRoom(): Promise<boolean>;
}

/** How long workers that are up wait for the others: while there is no room for those, and while they may be starting. */
const patienceMs = 6_000;
const longPatienceMs = 90_000;
const lookMs = 2_000;

/** The reason of a try's signal; nobody outside sees it. */
class RetreatError extends Error {}

interface Try<T> {
  readonly retreat: AbortController;
  readonly up: Set<Member<T>>;
  readonly allUp: Deferred<void>;
  readonly next: Deferred<Try<T>>;
  letGo: number;
  /** Resolves when the claims are counted from here; undefined: nobody has begun. */
  begun: Promise<void> | undefined;
  isOver: boolean;
}

const newTry = <T>(): Try<T> => ({ retreat: new AbortController(), up: new Set(), allUp: deferred(), next: deferred(), letGo: 0, begun: undefined, isOver: false });

export class Gangs<T> implements AsyncDisposable {
  readonly #options: GangsOptions;
  readonly #gangs = new Map<string, Gang<T>>();
  readonly #background: TaskGroup;
  /** G3 */
  readonly #turn = new Turn();
  readonly #claims: Claims;

  constructor(options: GangsOptions) {
    this.#options = options;
    this.#claims = new Claims((signal) => options.room(signal));
    this.#background = new TaskGroup((error) => options.logger.warn("workers that come up together have a fault", { error }));
  }

  /** Brings a member up; resolves when all of its gang are. @throws what `check` and `launch` do; the signal's reason */
  async together(spec: GangSpec | undefined, member: Member<T>, signal: AbortSignal): Promise<T> {
    if (!spec || spec.demands.length < 2) return member.launch(signal, () => {});
    const gang = this.#gangs.get(spec.id) ?? new Gang<T>(spec, { options: this.#options, turn: this.#turn, claims: this.#claims, background: this.#background });
    this.#gangs.set(spec.id, gang);
    try {
      return await gang.bring(member, signal);
    } finally {
      if (gang.isEmpty) this.#gangs.delete(spec.id);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#background[Symbol.asyncDispose]();
  }
}

interface Shared {
  readonly options: GangsOptions;
  readonly turn: Turn;
  readonly claims: Claims;
  readonly background: TaskGroup;
}

class Gang<T> {
  readonly #spec: GangSpec;
  readonly #options: GangsOptions;
  readonly #turn: Turn;
  readonly #claims: Claims;
  readonly #background: TaskGroup;
  readonly #members = new Set<Member<T>>();
  /** Fires when nobody is left. */
  readonly #over = new AbortController();
  #try = newTry<T>();
  #checked: Promise<void> | undefined;
  #isTold = false;

  constructor(spec: GangSpec, { options, turn, claims, background }: Shared) {
    this.#spec = spec;
    this.#options = options;
    this.#turn = turn;
    this.#claims = claims;
    this.#background = background;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  async bring(member: Member<T>, signal: AbortSignal): Promise<T> {
    this.#members.add(member);
    try {
      this.#checked ??= member.check(this.#spec.demands, signal);
      await orAborted(this.#checked, signal);
      for (let turn = this.#try; ; turn = await orAborted(turn.next.promise, signal)) {
        const up = await this.#once(turn, member, signal);
        if (up) return up.value;
        if (++turn.letGo === this.#spec.demands.length) this.#background.start((closing) => this.#again(turn, AbortSignal.any([closing, this.#over.signal])));
      }
    } finally {
      this.#members.delete(member);
      if (this.isEmpty) {
        this.#end(this.#try);
        this.#over.abort(new Error("nobody is left"));
      }
    }
  }

  /** Undefined: all have let go. */
  async #once(turn: Try<T>, member: Member<T>, signal: AbortSignal): Promise<{ readonly value: T } | undefined> {
    const own = AbortSignal.any([signal, turn.retreat.signal]);
    const holding = new AbortController();
    let up: { readonly value: T } | undefined;
    try {
      await orAborted((turn.begun ??= this.#claims.begin(signal)), own);
      up = { value: await member.launch(own, () => this.#claims.claim(member.demand)) };
      void member.hold(up.value, holding.signal).catch(() => {}); // whoever gives it work hears of its end
      this.#isUp(turn, member);
      await orAborted(turn.allUp.promise, own); // G1
      return up;
    } catch (error) {
      if (up) await member.drop(up.value);
      if (signal.aborted || !turn.retreat.signal.aborted) throw error;
      return undefined;
    } finally {
      holding.abort(new Error("it waits no more"));
    }
  }

  #isUp(turn: Try<T>, member: Member<T>): void {
    turn.up.add(member);
    if (turn.up.size === this.#spec.demands.length) {
      this.#end(turn);
      turn.allUp.resolve();
    } else if (turn.up.size === 1) this.#background.start((closing) => this.#watch(turn, AbortSignal.any([closing, this.#over.signal])));
  }

  /** The try's claims are settled, one way or the other. */
  #end(turn: Try<T>): void {
    if (!turn.begun || turn.isOver) return;
    turn.isOver = true;
    this.#claims.end();
  }

  /** G2 */
  async #watch(turn: Try<T>, signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    for (let waitedMs = 0; ; waitedMs += lookMs) {
      await clock.sleep(lookMs, signal).catch(() => {});
      if (signal.aborted || turn.up.size === this.#spec.demands.length) return;
      const missing = [...this.#members].filter((member) => !turn.up.has(member));
      const isFull = await this.#claims.isShort(missing.map(({ demand }) => demand), signal).catch(() => false);
      if (turn.up.size === this.#spec.demands.length) return;
      if (waitedMs + lookMs < (isFull ? patienceMs : longPatienceMs)) continue;
      logger.info("workers that wait for others of their job let go of what they hold", { gang: this.#spec.id, up: turn.up.size, of: this.#spec.demands.length });
      this.#end(turn);
      return turn.retreat.abort(new RetreatError());
    }
  }

  /** G3 */
  async #again(turn: Try<T>, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const letNextIn = await this.#turn.enter(signal);
    const next = newTry<T>();
    try {
      for (let look = 0; ; look++) {
        const why = await this.#lack(signal).catch(() => "Ray does not answer");
        if (why === undefined) break;
        // At first Ray still counts what this gang has just given back.
        if (look > 0 && !this.#isTold) [...this.#members][0]?.onWaiting?.(`waits, and holds nothing, until all ${this.#spec.demands.length} workers of the job find room together: ${why}`);
        this.#isTold ||= look > 0;
        await clock.sleep(lookMs, signal);
      }
      this.#try = next;
      turn.next.resolve(next);
      await orAborted(Promise.race([next.allUp.promise, orAborted(new Promise<never>(() => {}), next.retreat.signal)]), signal);
    } catch {
      // nobody is left, or this try was given up as well: somebody else's turn
    } finally {
      letNextIn();
    }
  }

  /** What is free, in words, if that is not enough for all together. */
  async #lack(signal: AbortSignal): Promise<string | undefined> {
    const { free, total } = await this.#options.room(signal);
    const needed = sumOf(this.#spec.demands);
    return !lacks(needed, free) || (await this.#options.makeRoom()) ? undefined : freeText(needed, free, total);
  }
}

/** One at a time, first come first served. */
class Turn {
  #last: Promise<void> = Promise.resolve();

  async enter(signal: AbortSignal): Promise<() => void> {
    const before = this.#last;
    const mine = deferred();
    this.#last = before.then(() => mine.promise);
    try {
      await orAborted(before, signal);
      return () => mine.resolve();
    } catch (error) {
      mine.resolve();
      throw error;
    }
  }
}
