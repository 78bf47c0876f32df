// Feeds a task from an iterator. Every element is a record, null too.

import { closeIterator } from "../operators/expansion.ts";
import type { Drive } from "./feed.ts";

/** An element that stands for "nothing now", and how to wait then. */
export interface IdleMark {
  readonly mark: unknown;
  wait(inARow: number): Promise<void>;
}

type Stop = { readonly by: "size" | "end" | "idle" } | { readonly by: "error"; readonly error: unknown };

/** Feeds from a synchronous iterator, in batches. */
export async function feedSync(iterator: Iterator<unknown>, drive: Drive, idle?: IdleMark): Promise<void> {
  const { scope, entries: [entry] } = drive.chain;
  let idleInARow = 0;
  try {
    for (;;) {
      const batch: unknown[] = [];
      const stop = fill(batch, iterator, scope.slice.records, idle?.mark);
      const wait = drive.work(batch, entry!);
      if (wait !== undefined) await wait;
      drive.signal.throwIfAborted();
      if (drive.drained) return closeIterator(iterator);
      if (stop.by === "end") return;
      if (stop.by === "error") throw scope.fail(stop.error, 0);
      const cut = drive.cut();
      if (cut !== undefined) await cut;
      if (drive.drained) return closeIterator(iterator);
      idleInARow = stop.by === "size" || batch.length > 0 ? 0 : idleInARow;
      if (stop.by === "idle") await idle!.wait(++idleInARow);
    }
  } catch (error) {
    closeIterator(iterator);
    throw error;
  }
}

/** Moves up to `max` elements into `batch`. */
function fill(batch: unknown[], iterator: Iterator<unknown>, max: number, idleMark: unknown): Stop {
  try {
    while (batch.length < max) {
      const step = iterator.next();
      if (step.done) return { by: "end" };
      if (idleMark !== undefined && step.value === idleMark) return { by: "idle" };
      batch.push(step.value);
    }
    return { by: "size" };
  } catch (error) {
    return { by: "error", error };
  }
}

/** Feeds from an asynchronous iterator, element by element. */
export async function feedAsync(iterator: AsyncIterator<unknown>, drive: Drive, idle?: IdleMark): Promise<void> {
  const [entry] = drive.chain.entries;
  let idleInARow = 0;
  try {
    for (;;) {
      const step = await drive.rest(nextOf(iterator, drive), "pending");
      if (step === undefined) return closeIterator(iterator);
      if (step.done) return;
      if (idle !== undefined && step.value === idle.mark) {
        await idle.wait(++idleInARow);
        continue;
      }
      idleInARow = 0;
      const wait = drive.work([step.value], entry!);
      if (wait !== undefined) await wait;
      if (drive.drained) return closeIterator(iterator);
    }
  } catch (error) {
    closeIterator(iterator);
    throw error;
  }
}

/** The next element; an error names the source and the record that it failed to give. */
async function nextOf(iterator: AsyncIterator<unknown>, drive: Drive): Promise<IteratorResult<unknown>> {
  try {
    return await iterator.next();
  } catch (error) {
    throw drive.chain.scope.fail(error, 0);
  }
}
