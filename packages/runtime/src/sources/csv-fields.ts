// One CSV record to its fields, as RFC 4180 has it: quotes around a field, doubled inside it, none in bare fields.
// Our own, because csv-parse reads a quarter as many records a second; the tests hold the two together.

import { UnreadableText } from "./line-split.ts";

/** @param delimiter - one character that is neither a quote nor a line end. */
export function fieldsOf(text: string, delimiter: string): string[] {
  if (!text.includes('"')) return text.split(delimiter);
  const fields: string[] = [];
  for (let at = 0; ; ) {
    const isQuoted = text[at] === '"';
    const end = isQuoted ? endOfQuoted(text, at) : endOfBare(text, at, delimiter);
    const field = isQuoted ? text.slice(at + 1, end - 1).replaceAll('""', '"') : text.slice(at, end);
    if (!isQuoted && field.includes('"')) throw new Error(`field ${fields.length + 1} has a quote but starts with none`);
    fields.push(field);
    if (end === text.length) return fields;
    if (text[end] !== delimiter) throw new Error(`text behind the closing quote of field ${fields.length}`);
    at = end + 1;
  }
}

function endOfQuoted(text: string, open: number): number {
  for (let quote = text.indexOf('"', open + 1); quote >= 0; quote = text.indexOf('"', quote + 2)) {
    if (text[quote + 1] !== '"') return quote + 1;
  }
  throw new UnreadableText(
    "a quoted field is not closed on its line",
    "If fields may hold line ends, set csv: { multiline: true }.",
  );
}

function endOfBare(text: string, start: number, delimiter: string): number {
  const found = text.indexOf(delimiter, start);
  return found < 0 ? text.length : found;
}

/** Whether bytes end inside quotes: a record is complete when its quotes are even in number. */
export function endsInQuotes(block: Buffer, start: number, end: number, wasInQuotes: boolean): boolean {
  let isInQuotes = wasInQuotes;
  for (let i = start; i < end; i++) if (block[i] === 0x22) isInQuotes = !isInQuotes;
  return isInQuotes;
}
