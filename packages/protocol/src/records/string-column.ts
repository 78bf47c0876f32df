// Columns of strings: a dictionary when values repeat, otherwise all of them in one block with their lengths.
//
// One call into the engine per block, not per string, is what makes both ways fast. A substring longer than 12 characters
// shares its parent's memory, so blocks are cut out in pieces: a string that is kept keeps at most `pieceChars` alive.

import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { BadFrameError } from "./errors.ts";
import { Kind } from "./kinds.ts";
import { paidSum, readCounts, writeCounts } from "./number-column.ts";
import { doubles } from "./scratch.ts";
import { sizedArray } from "./sized-array.ts";

const pieceChars = 256;
const sampleSize = 32;
const beyondLatin1 = /[\u0100-\uffff]/;

/** Writes the first `count` strings with their kind in front. */
export function writeStrings(writer: ByteWriter, values: readonly unknown[], count: number): void {
  const texts = values as readonly string[];
  if (!seemsRepeated(texts, count) || !writeDictionary(writer, texts, count)) writeBlock(writer, texts, count);
}

/** Whether a sample has at most half as many distinct strings as strings. */
function seemsRepeated(texts: readonly string[], count: number): boolean {
  if (count < sampleSize) return false;
  const step = Math.floor(count / sampleSize);
  const seen = new Set<string>();
  for (let i = 0; i < sampleSize && seen.size <= sampleSize / 2; i++) seen.add(texts[i * step]!);
  return seen.size <= sampleSize / 2;
}

/** False, with nothing written, if there are too many distinct strings after all. */
function writeDictionary(writer: ByteWriter, texts: readonly string[], count: number): boolean {
  const limit = Math.min(65_535, count >> 1);
  const indexOf = new Map<string, number>();
  const distinct: string[] = [];
  const mark = doubles.top;
  const indices = doubles.take(count);
  for (let i = 0; i < count; i++) {
    const text = texts[i]!;
    let index = indexOf.get(text);
    if (index === undefined) {
      index = distinct.length;
      if (index === limit) break;
      indexOf.set(text, index);
      distinct.push(text);
    }
    indices[i] = index;
    if (i === count - 1) {
      writer.u8(Kind.dictionary);
      writer.u32(distinct.length);
      writeBlock(writer, distinct, distinct.length);
      writeCounts(writer, indices, count, distinct.length - 1);
      doubles.top = mark;
      return true;
    }
  }
  doubles.top = mark;
  return false;
}

function writeBlock(writer: ByteWriter, texts: readonly string[], count: number): void {
  const mark = doubles.top;
  const lengths = doubles.take(count);
  let max = 0;
  let block = "";
  for (let i = 0; i < count; i++) {
    const text = texts[i]!;
    const length = text.length;
    lengths[i] = length;
    if (length > max) max = length;
    block += text;
  }
  const wide = beyondLatin1.test(block);
  writer.u8(wide ? Kind.utf16 : Kind.latin1);
  writeCounts(writer, lengths, count, max);
  const at = writer.reserve(wide ? block.length * 2 : block.length);
  if (wide) writer.bytes.write(block, at, "utf16le");
  else writer.bytes.write(block, at, "latin1");
  doubles.top = mark;
}

/** Reads a column of {@link Kind.latin1}, {@link Kind.utf16} or {@link Kind.dictionary}. */
export function readStrings(reader: ByteReader, kind: number, count: number): string[] {
  const mark = doubles.top;
  const texts = kind === Kind.dictionary ? readDictionary(reader, count) : readBlock(reader, kind === Kind.utf16 ? 2 : 1, count);
  doubles.top = mark;
  return texts;
}

function readBlock(reader: ByteReader, unitBytes: 1 | 2, count: number): string[] {
  const lengths = readCounts(reader, count);
  let at = reader.skip(paidSum(reader, lengths, count, unitBytes) * unitBytes);
  const encoding = unitBytes === 1 ? "latin1" : "utf16le";
  const bytes = reader.bytes;
  const texts = sizedArray<string>(count);
  for (let i = 0; i < count; ) {
    let end = i;
    let chars = 0;
    do chars += lengths[end++]!; while (end < count && chars + lengths[end]! <= pieceChars);
    const piece = chars === 0 ? "" : bytes.toString(encoding, at, at + chars * unitBytes);
    at += chars * unitBytes;
    for (let from = 0; i < end; i++) {
      const to = from + lengths[i]!;
      texts[i] = piece.substring(from, to);
      from = to;
    }
  }
  return texts;
}

function readDictionary(reader: ByteReader, count: number): string[] {
  const size = reader.u32();
  const kind = reader.u8();
  if (size > reader.remaining || (kind !== Kind.latin1 && kind !== Kind.utf16)) throw new BadFrameError("a dictionary of no strings");
  const distinct = readBlock(reader, kind === Kind.utf16 ? 2 : 1, size);
  const indices = readCounts(reader, count);
  const texts = sizedArray<string>(count);
  for (let i = 0; i < count; i++) {
    const index = indices[i]!;
    if (index >= size) throw new BadFrameError(`entry ${index} of a dictionary of ${size}`);
    texts[i] = distinct[index]!;
  }
  return texts;
}
