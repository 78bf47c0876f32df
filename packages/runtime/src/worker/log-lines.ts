// Log lines on their way from the user's code to the daemon.
//
// Invariants:
//   G1. Lines arrive in the order they were added.
//   G2. What waits is bounded; what does not fit is dropped, counted, and said in a line of its own.

import type { LogLevel } from "@sage/core";
import type { LogLineInit } from "@sage/protocol";
import type { OperatorPlace } from "../current-operator.ts";

/** Most text that waits, in characters. */
const roomChars = 8 * 1024 * 1024;
/** From here on whoever can wait should. */
const crowdedChars = roomChars / 4;
/** Of one message. */
const batchChars = 512 * 1024;
const longestLineChars = 64 * 1024;
/** How long a line may wait for others, in milliseconds. */
const lingerMs = 20;

export interface NewLine {
  readonly level: LogLevel;
  /** The operator, or the service, that wrote it. */
  readonly place?: OperatorPlace | undefined;
  /** Default "log". */
  readonly stream?: "log" | "stdout" | "stderr";
  readonly text: string;
}

export class LogLines {
  readonly #host: string;
  readonly #workerIndex: number;
  readonly #send: (lines: readonly LogLineInit[]) => Promise<void> | undefined;
  /** Called with each text, to shorten paths in it. */
  tidy: (text: string) => string = (text) => text;
  #waiting: LogLineInit[] = [];
  #waitingChars = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;

  /** @param origin - shown with lines that no operator wrote. */
  constructor({ host, workerIndex }: { readonly host: string; readonly workerIndex: number }, send: (lines: readonly LogLineInit[]) => Promise<void> | undefined) {
    this.#host = host;
    this.#workerIndex = workerIndex;
    this.#send = send;
  }

  /** Adds a line. A promise means that many wait: who can should await it before the next one. */
  add({ level, place, stream = "log", text }: NewLine): Promise<void> | undefined {
    const line = text.length > longestLineChars ? `${text.slice(0, longestLineChars)}… (${text.length} characters)` : text;
    if (this.#waitingChars + line.length > roomChars) this.#dropped++;
    else this.#push(level, place, stream, this.tidy(line));
    this.#timer ??= setTimeout(() => { this.flush().catch(() => {}); }, lingerMs);
    return this.#waitingChars > crowdedChars ? this.flush() : undefined;
  }

  /** Resolves when all that was added before has been handed over. */
  flush(): Promise<void> {
    return (this.#flushing ??= this.#flush().finally(() => { this.#flushing = undefined; }));
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#waiting.length > 0 || this.#dropped > 0) {
      if (this.#waiting.length === 0) this.#sayDropped();
      await this.#send(this.#nextBatch());
    }
  }

  #nextBatch(): LogLineInit[] {
    let [count, chars] = [0, 0];
    while (count < this.#waiting.length && chars < batchChars) chars += this.#waiting[count++]!.text!.length;
    const batch = count === this.#waiting.length ? this.#waiting : this.#waiting.slice(0, count);
    this.#waiting = count === this.#waiting.length ? [] : this.#waiting.slice(count);
    this.#waitingChars -= chars;
    return batch;
  }

  #push(level: LogLevel, place: OperatorPlace | undefined, stream: string, text: string): void {
    if (this.#dropped > 0 && this.#waitingChars < crowdedChars) this.#sayDropped();
    this.#waitingChars += text.length;
    this.#waiting.push({ timeMs: Date.now(), level, operator: place?.name ?? "", index: place?.index ?? this.#workerIndex, host: this.#host, stream, text });
  }

  #sayDropped(): void {
    const count = this.#dropped;
    this.#dropped = 0;
    this.#push("warn", undefined, "log", `${count} lines were dropped: they came faster than they could be sent`);
  }
}
