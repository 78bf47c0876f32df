// What a case reports, and the one statistic it uses.

export interface CaseResult {
  readonly case: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: string;
  /** Absent where the peer is not installed. */
  readonly peerValue?: number;
  /** The median of the rounds' own ratios, which a busy machine moves less; default: that of the two values. */
  readonly ratio?: number;
  /** What installs it. */
  readonly missing?: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

/** The median of each round's `ours / theirs`, of rates. */
export const medianRatio = (ours: readonly number[], theirs: readonly number[]): number => median(ours.map((rate, round) => rate / theirs[round]!));
