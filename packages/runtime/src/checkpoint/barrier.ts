// When a task with several inputs takes its snapshot: alignment of barriers. Pure.
// Source: P. Carbone et al., "Lightweight Asynchronous Snapshots for Distributed Dataflows", arXiv 1506.08603, 2015.
//
// Invariants:
//   B1. A checkpoint is due when its barrier, or the end, has come on every input; once, and never after its abort.
//   B2. An input whose barrier has come is blocked until then: nothing behind a barrier is in the snapshot.
//   B3. A newer barrier, and an abort, ends an older alignment and frees its inputs; older barriers are ignored.

export interface Barrier {
  readonly checkpointId: number;
  readonly savepoint: boolean;
}

export interface Alignment {
  /** Inputs that have not ended. */
  readonly open: ReadonlySet<number>;
  /** Checkpoints up to this one are over here: taken, or aborted. */
  readonly overUpTo: number;
  /** Waited for. */
  readonly barrier: Barrier | undefined;
  /** Inputs on which it has come. */
  readonly arrived: ReadonlySet<number>;
}

export interface Aligned {
  readonly alignment: Alignment;
  /** The checkpoint that is due now. */
  readonly due: Barrier | undefined;
}

const none: ReadonlySet<number> = new Set();

export function unaligned(inputs: number): Alignment {
  return { open: new Set(Array.from({ length: inputs }, (_, input) => input)), overUpTo: 0, barrier: undefined, arrived: none };
}

export function afterBarrier(alignment: Alignment, input: number, barrier: Barrier): Aligned {
  const { overUpTo, open } = alignment;
  const current = alignment.barrier?.checkpointId ?? 0;
  if (barrier.checkpointId <= overUpTo || barrier.checkpointId < current) return { alignment, due: undefined }; // B3
  const before = barrier.checkpointId === current ? alignment.arrived : none;
  return settled({ open, overUpTo, barrier, arrived: new Set([...before, input]) });
}

export function afterEnd(alignment: Alignment, input: number): Aligned {
  const open = new Set([...alignment.open].filter((each) => each !== input));
  return settled({ ...alignment, open });
}

/** The checkpoint was given up, or taken without its barriers. */
export function afterOver(alignment: Alignment, checkpointId: number): Alignment {
  const overUpTo = Math.max(alignment.overUpTo, checkpointId);
  const isOver = alignment.barrier !== undefined && alignment.barrier.checkpointId <= overUpTo;
  return isOver ? { open: alignment.open, overUpTo, barrier: undefined, arrived: none } : { ...alignment, overUpTo };
}

export const isBlocked = ({ barrier, arrived }: Alignment, input: number): boolean => barrier !== undefined && arrived.has(input); // B2

function settled(alignment: Alignment): Aligned {
  const { barrier, arrived, open } = alignment;
  if (barrier === undefined || [...open].some((input) => !arrived.has(input))) return { alignment, due: undefined };
  return { alignment: afterOver(alignment, barrier.checkpointId), due: barrier }; // B1
}
