// What a case reports, and the one statistic it uses.

export interface CaseResult {
  readonly case: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: string;
  /** Absent where the peer is not installed. */
  readonly peerValue?: number;
  /** What installs it. */
  readonly missing?: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
