// "Did you mean …": the known word that is nearest to what was written.

/** The nearest candidate, if it is near enough to be a slip of the hand. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > 64) return undefined;
  const plain = normal(word);
  const limit = Math.max(1, Math.min(3, Math.floor(plain.length / 3)));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = distanceBetween(plain, normal(candidate));
    if (distance <= limit && (!best || distance < best.distance)) best = { candidate, distance };
  }
  if (best || plain.length < 3) return best?.candidate;
  const longer = candidates.filter((candidate) => normal(candidate).startsWith(`${plain}_`));
  return candidates.find((candidate) => normal(candidate).endsWith(`_${plain}`)) ?? (longer.length === 1 ? longer[0] : undefined);
}

/** `keyPath`, `key-path` and `key_path` are one word. */
function normal(word: string): string {
  return word.replace(/([a-z])([A-Z])/g, "$1_$2").replaceAll("-", "_").toLowerCase();
}

/** Edits between two words; a swap of neighbours counts as one (optimal string alignment). */
function distanceBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, at(before, j - 2) + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
