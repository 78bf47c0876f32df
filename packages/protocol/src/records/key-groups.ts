// Keys belong to key groups, key groups to instances: state moves between parallelisms by whole groups.
// The arithmetic is that of Flink's key groups, so its users find the limits they know.

const lowerBound = 128;
const upperBound = 32_768;

/** The key group of a key's hash: 0 … maxParallelism - 1. */
export function keyGroupOf(hash: number, maxParallelism: number): number {
  return (hash >>> 0) % maxParallelism;
}

/** The instance that owns a key group: 0 … parallelism - 1, in contiguous, even ranges. */
export function instanceOf(keyGroup: number, maxParallelism: number, parallelism: number): number {
  return Math.floor((keyGroup * parallelism) / maxParallelism);
}

/** The first and last key group (inclusive) that an instance owns. */
export function keyGroupsOf(instance: number, maxParallelism: number, parallelism: number): { first: number; last: number } {
  const first = Math.ceil((instance * maxParallelism) / parallelism);
  const last = Math.ceil(((instance + 1) * maxParallelism) / parallelism) - 1;
  return { first, last };
}

/** Key groups for a job that starts with `parallelism`: one and a half times as many, as a power of two, 128 … 32,768. */
export function defaultMaxParallelism(parallelism: number): number {
  const wanted = 2 ** Math.ceil(Math.log2(parallelism + Math.floor(parallelism / 2)));
  return Math.max(lowerBound, Math.min(upperBound, wanted));
}
