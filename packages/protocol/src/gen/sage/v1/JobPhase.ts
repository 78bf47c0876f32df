// Original file: proto/sage/v1/jobs.proto

export const JobPhase = {
  JOB_PHASE_UNSPECIFIED: 'JOB_PHASE_UNSPECIFIED',
  INITIALIZING: 'INITIALIZING',
  RUNNING: 'RUNNING',
  STOPPING: 'STOPPING',
  STOPPED: 'STOPPED',
  RECOVERING: 'RECOVERING',
  COMPLETED: 'COMPLETED',
  FAILED: 'FAILED',
  DELETED: 'DELETED',
} as const;

export type JobPhase =
  | 'JOB_PHASE_UNSPECIFIED'
  | 0
  | 'INITIALIZING'
  | 1
  | 'RUNNING'
  | 2
  | 'STOPPING'
  | 3
  | 'STOPPED'
  | 4
  | 'RECOVERING'
  | 5
  | 'COMPLETED'
  | 6
  | 'FAILED'
  | 7
  | 'DELETED'
  | 8

export type JobPhase__Output = typeof JobPhase[keyof typeof JobPhase]
