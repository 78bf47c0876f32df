// Slows down who guesses tokens: of one address, five wrong ones a second are answered, and the rest wait their turn.
//
// Rule: while too many answers to an address wait, its calls are not even looked at; so that nobody learns by trying
// many tokens at once which one was let in.

import { SageError } from "@sage/core";

/** Between two answers to one address. */
const betweenMs = 200;
const mostWaiting = 25;

/** Calls from this address carried too many wrong tokens. */
export class TooManyWrongTokensError extends SageError {
  constructor() {
    super("too many calls from this address carried a wrong token", {
      code: "SAGE_TOO_MANY_WRONG_TOKENS", fault: "user", retryable: true, hint: "Wait some seconds, then call with the daemon's token.",
    });
  }
}

export class WrongTokens {
  /** When the next wrong token of an address is answered. */
  readonly #nextMs = new Map<string, number>();

  /** Whether calls of an address are looked at now. @param peer - `address:port`. */
  mayTry(peer: string, nowMs: number): boolean {
    return (this.#nextMs.get(addressOf(peer)) ?? 0) - nowMs < betweenMs * mostWaiting;
  }

  /** Notes a wrong token; how long its answer has to wait, in milliseconds. */
  note(peer: string, nowMs: number): number {
    const address = addressOf(peer);
    if (this.#nextMs.size > 10_000) for (const [each, ms] of this.#nextMs) if (ms < nowMs) this.#nextMs.delete(each);
    const atMs = Math.max(nowMs, this.#nextMs.get(address) ?? 0);
    this.#nextMs.set(address, atMs + betweenMs);
    return atMs - nowMs;
  }
}

const addressOf = (peer: string): string => peer.slice(0, peer.lastIndexOf(":"));
