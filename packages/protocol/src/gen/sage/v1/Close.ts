// Original file: proto/sage/v1/workers.proto


/**
 * The worker may end its process.
 */
export interface Close {
}

/**
 * The worker may end its process.
 */
export interface Close__Output {
}
