// assignTimestamps: gives records their time, and says how far event time has come.
//
// Invariants:
//   A1. A watermark of t leaves behind every record that came before it was known, and before every one that came after.
//   A2. Watermarks only grow; those that come in from before are not passed on.
//   A3. What a generator says at a record goes out behind that record and before the next one.

import type { WatermarkGenerator, WatermarkOutput } from "@sage/graph";
import type { Wait } from "../chain/scope.ts";
import { NoTimestampError } from "../errors.ts";
import type { AlignedSource, Alignment, AlignmentSettings } from "../time/alignment.ts";
import type { TaskTime, TimeJob } from "../time/task-time.ts";
import { keptWatermark } from "../time/kept-watermark.ts";
import type { WatermarkFlow } from "../time/watermark-flow.ts";
import type { Emit } from "./expansion.ts";
import type { FailurePolicy } from "./failure-policy.ts";

export class Timestamps implements WatermarkOutput {
  readonly policy: FailurePolicy;
  readonly #lagMs: number;
  readonly #everyMs: number;
  readonly #idleAfterMs: number | null;
  readonly #everyRecord: boolean;
  readonly #group: AlignmentSettings | undefined;
  #alignment: Alignment | undefined;
  aligned: (() => Promise<void>) | undefined;
  readonly #generator: WatermarkGenerator<unknown> | undefined;
  #flow!: WatermarkFlow;
  #time: TaskTime | undefined;
  #latestMs = -Infinity;
  /** The watermark that is known, and the one that was sent. */
  #knownMs = -Infinity;
  #sentMs = -Infinity;
  #sentAtMs = -Infinity;
  #tick: TimeJob | undefined;
  #records = 0;
  #isIdle = false;
  /** A generator is looking at a record, and has said that nobody needs to wait for the next one. */
  #isLooking = false;
  #isIdleNext = false;

  constructor(policy: FailurePolicy, makeGenerator: (() => WatermarkGenerator<unknown>) | undefined) {
    const settings = policy.node.graph.settings as { maxOutOfOrdernessMs: number; everyMs: number; idleAfterMs: number | null; emit: string; alignment?: AlignmentSettings };
    this.policy = policy;
    this.#lagMs = settings.maxOutOfOrdernessMs + 1;
    this.#everyMs = settings.everyMs;
    this.#idleAfterMs = settings.idleAfterMs;
    this.#generator = makeGenerator?.();
    this.#everyRecord = settings.emit === "record" || this.#generator !== undefined; // A3
    this.#group = settings.alignment;
    if (this.#group !== undefined) this.aligned = () => this.#alignment?.moved() ?? new Promise(() => {});
  }

  readonly beside = keptWatermark(() => this.#knownMs, (timeMs) => {
    this.#knownMs = timeMs;
    if (timeMs > -Infinity) this.#latestMs = timeMs + this.#lagMs;
  });

  /** Its place in a group of sources; undefined: it is in none. @param hasEnded - asked whether its task has. */
  alignedSource(hasEnded: () => boolean): AlignedSource | undefined {
    const alignment = this.#group;
    return alignment && { alignment, timeMs: () => (this.#isIdle || hasEnded() ? Infinity : this.#knownMs) };
  }

  align(alignment: Alignment): void {
    this.#alignment = alignment;
  }

  get isAhead(): boolean {
    return this.#group !== undefined && this.#alignment?.isAhead(this.#group, this.#knownMs) === true;
  }

  connectTime(flow: WatermarkFlow): void {
    this.#flow = flow;
  }

  /** How far event time has come here. */
  get watermarkMs(): number {
    return this.#sentMs;
  }

  /** @throws {@link NoTimestampError} */
  timeOf(value: unknown): number {
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw new NoTimestampError(value);
  }

  /** Takes a record with its time; a promise where a watermark has to go first: then the record's way goes on with `then`. */
  assign(timeMs: number, record: unknown): Wait {
    const wait = this.#everyRecord ? this.#send() : undefined;
    if (wait === undefined) this.policy.scope.time[0] = timeMs; // else what waits still has its own
    this.#records++;
    if (this.#isIdle) this.#isIdle = false;
    if (this.#generator !== undefined) this.#look(this.#generator, record, timeMs);
    else if (timeMs > this.#latestMs) {
      this.#latestMs = timeMs;
      this.#knownMs = timeMs - this.#lagMs;
    }
    return wait;
  }

  #look(generator: WatermarkGenerator<unknown>, record: unknown, timeMs: number): void {
    this.#isIdleNext = false;
    this.#isLooking = true;
    try {
      generator.onEvent(record, timeMs, this);
    } finally {
      this.#isLooking = false;
    }
  }

  async later(wait: Promise<void>, timeMs: number, record: unknown, emit: Emit): Promise<void> {
    await wait;
    this.policy.scope.time[0] = timeMs;
    const next = emit(record);
    if (next !== undefined) await next;
  }

  emit(timeMs: number): void {
    if (timeMs > this.#knownMs) this.#knownMs = timeMs;
  }

  markIdle(): void {
    if (this.#isLooking) this.#isIdleNext = true; // A3: the record itself would end it
    if (this.#isIdle || this.#isLooking) return;
    this.#isIdle = true;
    this.#flow.idle(this.policy.node.at);
  }

  #send(): Wait {
    if (this.#knownMs <= this.#sentMs) return undefined;
    this.#sentMs = this.#knownMs;
    return this.#flow.outOf(this.policy.node.at, this.#sentMs);
  }

  start(time: TaskTime): void {
    this.#time = time;
    if (this.#idleAfterMs !== null) this.#watchIdle(this.#records);
    if (this.#generator?.onPeriodic !== undefined) this.#periodic();
  }

  /** Between records: sends a watermark that is due. */
  onTurn(): Wait {
    if (this.#isIdleNext) return this.onPause();
    if (this.#knownMs <= this.#sentMs) return undefined;
    const nowMs = performance.now();
    if (nowMs - this.#sentAtMs >= this.#everyMs) {
      this.#sentAtMs = nowMs;
      return this.#send();
    }
    if (this.#tick === undefined) this.#tick = this.#time!.after(this.#sentAtMs + this.#everyMs - nowMs, () => {
      this.#tick = undefined;
      this.#sentAtMs = performance.now();
      return this.#send();
    });
    return undefined;
  }

  /** Nothing comes for now: what is known is sent. */
  onPause(): Wait {
    this.#sentAtMs = performance.now();
    const wait = this.#send();
    if (this.#isIdleNext) {
      this.#isIdleNext = false;
      this.markIdle();
    }
    return wait;
  }

  /** Where all the others are idle, the last watermark of a stream that has ended is how far time has come. */
  async finish(): Promise<void> {
    await this.onPause();
  }

  #watchIdle(seen: number): void {
    this.#time!.after(this.#idleAfterMs!, () => {
      const wait = this.#records === seen ? this.onPause() : undefined;
      if (this.#records === seen) this.markIdle();
      this.#watchIdle(this.#records);
      return wait;
    });
  }

  #periodic(): void {
    this.#time!.after(this.#everyMs, () => {
      this.#generator!.onPeriodic!(this);
      this.#periodic();
      return this.onPause();
    });
  }
}
