// Batches of records as bytes, for the wire between workers and for snapshots.
//
// A batch is one column of values: version u8, count u32, then the column (see `kinds.ts`); all numbers little-endian.

import { isSageError } from "@sage/core";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { readValues } from "./column-reader.ts";
import { TooDeep, writeColumn } from "./column-writer.ts";
import { BadFrameError } from "./errors.ts";
import { writeGeneral } from "./general-column.ts";
import { doubles, integers } from "./scratch.ts";
import { checkSendable, Unsendable } from "./sendable.ts";

const version = 1;
const headerBytes = 5;

let idleWriter: ByteWriter | undefined = new ByteWriter();

/**
 * Encodes records in order. Kept are all types that structured clone keeps, and classes given to `registerType`; other
 * class instances become plain objects of their own enumerable fields. A field that is missing stays missing, and null
 * and undefined stay apart. Objects that several records share arrive as copies.
 *
 * @param headroomBytes - bytes to leave free in front of the result, for a header; default 0.
 * @returns bytes of their own, headroom included.
 * @throws {@link UnserializableError} naming the path of a function, symbol, promise or the like.
 */
export function encodeBatch(records: readonly unknown[], headroomBytes = 0): Uint8Array {
  const writer = idleWriter ?? new ByteWriter(); // a getter or toPlain may come back here
  idleWriter = undefined;
  const mark = doubles.top;
  try {
    writer.reserve(headroomBytes);
    writer.u8(version);
    writer.u32(records.length);
    if (records.length > 0) writeRecords(writer, records);
    return writer.take();
  } finally {
    doubles.top = mark;
    writer.clear();
    idleWriter = writer;
  }
}

function writeRecords(writer: ByteWriter, records: readonly unknown[]): void {
  const start = writer.position;
  try {
    try {
      writeColumn(writer, records);
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error;
      writer.position = start;
      writeGeneral(writer, records);
    }
  } catch (error) {
    if (error instanceof Unsendable) checkSendable(records, "records"); // throws with the path
    throw error;
  }
}

/**
 * Decodes what {@link encodeBatch} made. Safe on any bytes: allocates in proportion to them, never hangs.
 *
 * @throws {@link BadFrameError} (`SAGE_BAD_FRAME`) for anything but a whole batch;
 *   {@link UnknownTypeError} if a record's class is not registered here.
 */
export function decodeBatch(bytes: Uint8Array): unknown[] {
  const doublesMark = doubles.top;
  const integersMark = integers.top;
  try {
    const reader = new ByteReader(bytes);
    const found = reader.u8();
    if (found !== version) throw new BadFrameError(`version ${found} of the record format`);
    const count = reader.u32();
    const records = count === 0 ? [] : readValues(reader, count);
    if (reader.remaining > 0) throw new BadFrameError(`${reader.remaining} bytes too many`);
    return records;
  } catch (error) {
    throw isSageError(error) ? error : new BadFrameError("its content cannot be read", error);
  } finally {
    doubles.top = doublesMark;
    integers.top = integersMark;
  }
}

/** The number of records in an encoded batch, without decoding it. @throws {@link BadFrameError} */
export function recordCountOf(bytes: Uint8Array): number {
  if (bytes.length < headerBytes) throw new BadFrameError("it ends too early");
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(1, true);
}
