// The first byte of every column: how its values are written. Numbers are part of the wire format.
//
// Invariant:
//   W1. Every row of every column costs at least one byte (rows of `nulls` and `undefineds` are paid by the tags of the
//       `groups` around them), so a reader checks a count against the bytes that are left before it allocates.

export const Kind = {
  /** Integers within int32: base f64, width u8 (1, 2, 4), then unsigned distances from the base. */
  smallInts: 1,
  /** The same for integers beyond int32, up to 2^53. */
  bigInts: 2,
  doubles: 3,
  booleans: 4,
  /** Lengths, then one block of Latin-1. */
  latin1: 5,
  /** Lengths in UTF-16 units, then one block of UTF-16LE, which keeps lone surrogates. */
  utf16: 6,
  /** Count u32, the distinct strings as a column, width u8, then indices. */
  dictionary: 7,
  /** bigint within int64. */
  int64s: 8,
  /** bigint as base-36 text. */
  bigintTexts: 9,
  /** Milliseconds since the epoch as a column of numbers. */
  dates: 10,
  buffers: 11,
  byteArrays: 12,
  /** Plain objects of one shape: header of the shape, then a column per field. */
  objects: 13,
  /** Arrays: lengths, then all items as one column. */
  arrays: 14,
  /** Rows of several kinds: number of groups u8, one tag a row, then a column per group. */
  groups: 15,
  nulls: 16,
  undefineds: 17,
  /** Instances of a registered class: its name, then their plain forms as a column. */
  registered: 18,
  /** Anything else: length u32, then one msgpackr message with all rows. */
  general: 19,
} as const;
