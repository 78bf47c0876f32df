// A question that only a person can answer. Without one it is an error, never a guess; or none, where an option has said it.

import { createInterface } from "node:readline/promises";
import { ConfirmationNeededError, DeclinedError } from "./errors.ts";

export interface Answering {
  /** `--yes`. */
  readonly yes: boolean;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
  readonly stderrIsTerminal: boolean;
  readonly signal: AbortSignal;
  /** Nobody can be asked: then it is no question (`--force` has said it), instead of an error. */
  readonly onlyOnTerminal?: boolean;
}

/**
 * Returns when the answer is yes.
 *
 * @param question - ends with a question mark; its text is harmless.
 * @throws ConfirmationNeededError when nobody can be asked, DeclinedError on any other answer.
 */
export async function confirm(question: string, { yes, stdin, stderr, stderrIsTerminal, signal, onlyOnTerminal = false }: Answering): Promise<void> {
  if (yes) return;
  if (stdin.isTTY !== true || !stderrIsTerminal) {
    if (onlyOnTerminal) return;
    throw new ConfirmationNeededError(question);
  }
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new DeclinedError();
  } finally {
    lines.close();
  }
}
