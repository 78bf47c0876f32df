// Glances at one host again and again, by one shell that stays there: a look then costs the host two processes (`date`,
// `df`) instead of five.
//
// Invariants:
//   K1. One look at a time, and each answer belongs to its look: after one that was given up nothing more is asked.
import { deferred, type Deferred } from "@sage/core";
import { glanceEnd, glanceForEachLine, parseGlance, saysClock, type Glance, type GlanceQuestion } from "./glance.ts";
import type { Host } from "./host.ts";

export class KeptGlance implements AsyncDisposable {
  #next: Deferred<boolean> = deferred();
  #look: { readonly answer: Deferred<Glance>; readonly sentAtMs: number; heardAtMs?: number; text: string } | undefined;
  #over: { readonly error: unknown } | undefined;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;

  constructor(host: Host, asked: GlanceQuestion) {
    this.#ended = host.run(glanceForEachLine(asked), {
      stdin: this.#lines(), signal: this.#stop.signal, deadlineMs: Infinity, maxOutputBytes: 0, onOutput: (text, stream) => { if (stream === "stdout") this.#hear(text); },
    }).then(() => this.#end(new Error("the shell has ended")), (error: unknown) => this.#end(error));
  }

  /** Whether it can be asked no more: the connection was lost, or a look was given up. */
  get isOver(): boolean {
    return this.#over !== undefined;
  }

  /** @throws what ended the shell; `signal.reason` when the signal fires. */
  async look(signal: AbortSignal): Promise<Glance> {
    signal.throwIfAborted();
    if (this.#over) throw this.#over.error;
    if (this.#look) throw new Error("one look at a time"); // K1
    const answer = deferred<Glance>();
    const onAbort = () => this.#end(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    this.#look = { answer, sentAtMs: Date.now(), text: "" };
    this.#next.resolve(true);
    try {
      return await answer.promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#look = undefined;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end(new Error("closed"));
    this.#stop.abort(); // a host that has gone silent is not waited for
    await this.#ended;
  }

  async *#lines(): AsyncGenerator<Uint8Array> {
    while ((await this.#next.promise) && !this.#over) {
      this.#next = deferred();
      yield Buffer.from("look\n");
    }
  }

  #hear(text: string): void {
    const look = this.#look;
    if (!look) return;
    look.text += text;
    if (saysClock(look.text)) look.heardAtMs ??= Date.now();
    if (!look.text.endsWith(glanceEnd)) return;
    try {
      look.answer.resolve(parseGlance(look.text, { sentAtMs: look.sentAtMs, heardAtMs: look.heardAtMs ?? Date.now() }));
    } catch (error) {
      this.#end(error);
    }
  }

  #end(error: unknown): void {
    this.#over ??= { error };
    this.#look?.answer.reject(this.#over.error);
    this.#next.resolve(false); // and with it stdin ends
  }
}
