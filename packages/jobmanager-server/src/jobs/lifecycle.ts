// The life of a job: its phases, and every move between them that is legal.

export type JobPhase =
  | "initializing" | "running" | "stopping" | "stopped" | "recovering" | "completed" | "failed" | "deleted";

export type JobEvent =
  /** All workers have started their tasks. */
  | "started"
  /** All tasks have ended by themselves. */
  | "finished"
  | "failed"
  /** The attempt is given up; another one follows. Of a stopping job: one that is drained, which only its end ends. */
  | "lost"
  | "stop"
  /** A stopping job goes on: its state could not be saved. */
  | "kept"
  /** A stopping job's workers are gone. */
  | "released"
  /** A job that has ended is run again from where it stood. */
  | "continue"
  | "delete";

const moves: { readonly [Phase in JobPhase]: { readonly [Event in JobEvent]?: JobPhase } } = {
  initializing: { started: "running", failed: "failed", lost: "recovering", stop: "stopping" },
  running: { finished: "completed", failed: "failed", lost: "recovering", stop: "stopping" },
  recovering: { started: "running", failed: "failed", lost: "recovering", stop: "stopping" },
  stopping: { released: "stopped", finished: "completed", failed: "failed", kept: "running", lost: "recovering" },
  stopped: { continue: "recovering", delete: "deleted" },
  completed: { delete: "deleted" },
  failed: { continue: "recovering", delete: "deleted" },
  deleted: {},
};

/** The phase after `event`, or undefined if the event is not legal in `phase`. */
export const nextPhase = (phase: JobPhase, event: JobEvent): JobPhase | undefined => moves[phase][event];

/** Whether no worker of the job will do anything any more. */
export const isEnded = (phase: JobPhase): boolean => phase === "stopped" || phase === "completed" || phase === "failed" || phase === "deleted";
