// Records a second, of a count that is looked at more often than it is counted. Pure.

/** A count that has not changed for so long stands still, in milliseconds. */
const stillMs = 3_000;

export class RecordRate {
  #since: { readonly atMs: number; readonly records: number } | undefined;
  #perSecond = 0;

  /** @returns the rate now; what counts from the beginning again has none yet. */
  at(atMs: number, records: number): number {
    const since = this.#since;
    if (since === undefined || records < since.records) this.#perSecond = 0;
    else if (records === since.records) return atMs - since.atMs > stillMs ? 0 : this.#perSecond;
    else if (atMs > since.atMs) this.#perSecond = ((records - since.records) * 1_000) / (atMs - since.atMs);
    this.#since = { atMs, records };
    return this.#perSecond;
  }
}
