// Which checkpoints a job may forget. Pure.
//
// Rules: the newest `keep` complete checkpoints stay, and every savepoint; so does the one that the job was restored
// from until there is a newer one.

export interface Kept {
  readonly id: number;
  readonly kind: string;
  readonly state: string;
}

/** The ids that are no longer needed, of complete checkpoints only. */
export function outdated(checkpoints: readonly Kept[], keep: number): readonly number[] {
  const complete = checkpoints.filter(({ kind, state }) => kind === "checkpoint" && state === "complete").map(({ id }) => id);
  return complete.sort((a, b) => a - b).slice(0, -Math.max(1, keep));
}
