// Records per second from counts that come now and then: over a sliding window, so that workers which report in turn
// make no waves. Pure but for what it remembers.

const windowMs = 5_000;

interface Point {
  readonly atMs: number;
  readonly count: number;
}

export class Rates {
  readonly #points = new Map<string, Point[]>();

  /** @param count - ever growing; one that falls begins anew. */
  add(key: string, atMs: number, count: number): void {
    const points = this.#points.get(key) ?? [];
    const last = points.at(-1);
    if (last && (count < last.count || atMs < last.atMs)) points.length = 0;
    if (last && points.length > 0 && atMs - last.atMs < 50) points.pop();
    points.push({ atMs, count });
    while (points.length > 2 && atMs - (points[1]?.atMs ?? 0) >= windowMs) points.shift();
    this.#points.set(key, points);
  }

  /** Records per second; undefined before there are two looks. */
  of(key: string): number | undefined {
    const points = this.#points.get(key);
    const [first, last] = [points?.[0], points?.at(-1)];
    if (!first || !last || last.atMs <= first.atMs) return undefined;
    return ((last.count - first.count) * 1_000) / (last.atMs - first.atMs);
  }

  forget(key: string): void {
    this.#points.delete(key);
  }
}
