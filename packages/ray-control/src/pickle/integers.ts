// Python's ints as little-endian two's complement, and back; numbers where they are exact, bigints beyond.

const isExact = (value: bigint): boolean => value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);

export const toInteger = (value: bigint): number | bigint => (isExact(value) ? Number(value) : value);

export function integerFromBytes(littleEndian: Buffer): number | bigint {
  if (littleEndian.length === 0) return 0;
  const hex = Buffer.from(littleEndian).reverse().toString("hex");
  return toInteger(BigInt.asIntN(littleEndian.length * 8, BigInt(`0x${hex}`)));
}

export function integerToBytes(value: bigint): Buffer {
  if (value === 0n) return Buffer.alloc(0);
  const magnitude = (value < 0n ? -value - 1n : value).toString(16);
  const length = Math.floor((magnitude.length * 4) / 8) + 1;
  const hex = BigInt.asUintN(length * 8, value).toString(16).padStart(length * 2, "0");
  return trimmed(Buffer.from(hex, "hex").reverse());
}

/** Without a last byte that only repeats the sign. */
function trimmed(bytes: Buffer): Buffer {
  const last = bytes.length - 1;
  const sign = (bytes[last - 1] ?? 0) >= 0x80 ? 0xff : 0x00;
  return last > 0 && bytes[last] === sign ? bytes.subarray(0, last) : bytes;
}
