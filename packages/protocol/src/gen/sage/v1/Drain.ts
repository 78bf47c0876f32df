// Original file: proto/sage/v1/workers.proto


/**
 * The sources end as if they had no more records.
 */
export interface Drain {
}

/**
 * The sources end as if they had no more records.
 */
export interface Drain__Output {
}
