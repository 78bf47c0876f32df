// The lines of a log as a page holds them: the newest, in order, each once, also when the connection came back. Pure.

import type { LogJson } from "@sage/protocol/json";

export interface ShownLine {
  readonly key: string;
  readonly line: LogJson;
  readonly text: string;
  /** Whether it goes on from the line before: a text of several lines. */
  readonly goesOn: boolean;
}

export const mostLines = 10_000;

export class LogLines {
  #shown: ShownLine[] = [];
  #lastSeq = 0;

  get lastSeq(): number {
    return this.#lastSeq;
  }

  get shown(): readonly ShownLine[] {
    return this.#shown;
  }

  add(lines: readonly LogJson[]): void {
    const fresh = lines.filter(({ seq }) => seq > this.#lastSeq);
    if (fresh.length === 0) return;
    this.#lastSeq = fresh.at(-1)?.seq ?? this.#lastSeq;
    const added = fresh.flatMap((line) => line.text.replace(/\r?\n$/, "").split("\n").map((text, index) => ({ key: `${line.seq}.${index}`, line, text, goesOn: index > 0 })));
    this.#shown = [...this.#shown, ...added].slice(-mostLines);
  }

  /** Lines with these words, in any case; all without words. */
  with(words: string): readonly ShownLine[] {
    const wanted = words.trim().toLowerCase();
    return wanted === "" ? this.#shown : this.#shown.filter(({ text, line }) => text.toLowerCase().includes(wanted) || line.operator.toLowerCase().includes(wanted));
  }
}
