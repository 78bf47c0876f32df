// Dead letters on their way to the daemon.
//
// Invariants:
//   D1. None is dropped: each is handed over before the job's last word.
//   D2. What waits is bounded: where records fail faster than they can be told, the job fails.

import { messageOf, SageError } from "@sage/core";
import type { WorkerMessageInit } from "@sage/protocol";
import { inspect } from "node:util";
import type { DeadLetter } from "../operators/failure-policy.ts";
import { placeOf } from "../stack.ts";
import type { UserSources } from "../user-sources.ts";

const longestJson = 64 * 1024;
/** Most text that waits, in characters. */
const roomChars = 64 * 1024 * 1024;

export class DeadLetterFloodError extends SageError {
  constructor(operator: string) {
    super(`operator "${operator}" fails on more records than dead letters can be handed over`, {
      code: "SAGE_DEAD_LETTER_FLOOD", fault: "user", hint: 'Mend the function, or use onError: "skip", which only counts.',
    });
  }
}

export class DeadLetters {
  readonly #send: (message: WorkerMessageInit) => Promise<void> | undefined;
  readonly #onFlood: (error: DeadLetterFloodError) => void;
  #waitingChars = 0;

  constructor(send: (message: WorkerMessageInit) => Promise<void> | undefined, onFlood: (error: DeadLetterFloodError) => void) {
    this.#send = send;
    this.#onFlood = onFlood;
  }

  add({ operator, index, recordNumber, record, error }: DeadLetter, sources: UserSources | undefined): void {
    const place = sources && placeOf(error, sources);
    const recordJson = jsonOf(record);
    const sent = this.#send({ deadLetter: { operator, index, recordNumber, recordJson, error: place ? `${messageOf(error)} (${place})` : messageOf(error) } });
    this.#waitingChars = sent ? this.#waitingChars + recordJson.length : 0;
    if (sent) void sent.then(() => { this.#waitingChars = 0; }, () => {}); // without a stream nobody reads them
    if (this.#waitingChars > roomChars) this.#onFlood(new DeadLetterFloodError(operator));
  }
}

/** For people: a record that JSON cannot write is shown as Node would print it. */
export function jsonOf(record: unknown): string {
  try {
    const json = JSON.stringify(record, (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value)) as string | undefined;
    if (json !== undefined && json.length <= longestJson) return json;
  } catch {
    // a circle
  }
  return JSON.stringify(inspect(record, { depth: 4, maxStringLength: 10_000, maxArrayLength: 1_000 }).slice(0, longestJson));
}
