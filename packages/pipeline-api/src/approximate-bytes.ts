// Guesses how much memory records take, without looking at each: for limits, not for accounts.

const sampled = 4;
const deepest = 4;

/** Bytes of a batch, from a few of its records. */
export function approximateBytes(records: readonly unknown[]): number {
  if (records.length === 0) return 0;
  const step = Math.max(1, Math.floor(records.length / sampled));
  let sum = 0;
  let count = 0;
  for (let at = 0; at < records.length; at += step, count++) sum += sizeOf(records[at], 0);
  return Math.ceil((sum / count) * records.length);
}

function sizeOf(value: unknown, depth: number): number {
  if (typeof value === "string") return 16 + value.length;
  if (typeof value !== "object" || value === null) return 8;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return 64 + value.byteLength;
  if (depth === deepest) return 64;
  if (Array.isArray(value)) return 16 + approximateItems(value, depth);
  if (value instanceof Map || value instanceof Set) return 64 + value.size * 64;
  let sum = 24;
  for (const field of Object.values(value)) sum += sizeOf(field, depth + 1);
  return sum;
}

function approximateItems(items: readonly unknown[], depth: number): number {
  const seen = Math.min(items.length, 16);
  let sum = 0;
  for (let at = 0; at < seen; at++) sum += sizeOf(items[at], depth + 1);
  return seen === 0 ? 0 : (sum / seen) * items.length;
}
