// The records of a job's collect() operators, as they come from the daemon.

import { decodeBatch, callServerStream, type JobsClient, type OperatorView } from "@sage/protocol";
import { isUnreachable } from "./call-settings.ts";
import { NoResultsError, ResultsInterruptedError } from "./errors.ts";

export interface CollectedBatch {
  readonly records: readonly unknown[];
  /** Which parallel instance collected them. */
  readonly index: number;
  /** Their size on the wire. */
  readonly sizeBytes: number;
}

/**
 * Batches of one collect(), each once, in order per instance; reading slowly slows the job down.
 *
 * @throws ResultsInterruptedError when the connection breaks: a second reading would not begin where the first one ended.
 */
export async function* resultsOf(client: JobsClient, jobId: string, nodeId: string, signal?: AbortSignal): AsyncGenerator<CollectedBatch, void, undefined> {
  try {
    for await (const { records, index } of callServerStream(client, "Results", { jobId, nodeId }, signal ? { signal } : {})) {
      yield { records: decodeBatch(records), index, sizeBytes: records.byteLength };
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw isUnreachable(error) ? new ResultsInterruptedError(jobId, nodeId, error) : error;
  }
}

/**
 * The node id of the collect() that is meant.
 *
 * @param asked - its name or node id; may be left out if there is only one.
 * @throws NoResultsError
 */
export function collectNode(jobId: string, operators: readonly OperatorView[], asked?: string): string {
  const collects = operators.filter((operator) => operator.kind === "collect");
  const found = asked === undefined
    ? (collects.length === 1 ? collects[0] : undefined)
    : collects.find((operator) => operator.name === asked || operator.nodeId === asked);
  if (!found) throw new NoResultsError(jobId, asked, collects.map((operator) => operator.name));
  return found.nodeId;
}
