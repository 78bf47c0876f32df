// Original file: proto/sage/v1/workers.proto


/**
 * All tasks of this worker are at their end, but sinks have prepared what only a checkpoint may commit: the daemon takes
 * one when every worker has said so or has finished. Finished follows when it was committed.
 */
export interface AwaitsCheckpoint {
}

/**
 * All tasks of this worker are at their end, but sinks have prepared what only a checkpoint may commit: the daemon takes
 * one when every worker has said so or has finished. Finished follows when it was committed.
 */
export interface AwaitsCheckpoint__Output {
}
