// Original file: proto/sage/v1/workers.proto


/**
 * The sources end as if they had no more records. To the worker of a remote service: nobody calls it any more, so that
 * it cleans up and says Finished.
 */
export interface Drain {
}

/**
 * The sources end as if they had no more records. To the worker of a remote service: nobody calls it any more, so that
 * it cleans up and says Finished.
 */
export interface Drain__Output {
}
