// Turns a process's output into lines, each at most so long, and remembers the last few.

import { StringDecoder } from "node:string_decoder";
import type { Readable } from "node:stream";

const maxLineChars = 16 * 1024;

/** Calls `onLine` for each line until the stream ends, waiting for what it returns. */
export async function forEachLine(stream: Readable, onLine: (line: string) => Promise<void> | undefined): Promise<void> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + decoder.write(chunk as Buffer)).split("\n");
    rest = parts.pop() ?? "";
    while (rest.length > maxLineChars) {
      parts.push(rest.slice(0, maxLineChars));
      rest = rest.slice(maxLineChars);
    }
    for (const line of parts) await onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  }
  rest += decoder.end();
  if (rest !== "") await onLine(rest);
}

/** The last lines of something. */
export class LastLines {
  readonly #lines: string[] = [];
  readonly #count: number;

  constructor(count = 20) {
    this.#count = count;
  }

  push(line: string): void {
    this.#lines.push(line.slice(0, 1_000));
    if (this.#lines.length > this.#count) this.#lines.shift();
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  toString(): string {
    return this.#lines.join("\n");
  }
}
