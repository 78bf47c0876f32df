// Original file: proto/sage/v1/workers.proto


/**
 * Termination of feedback loops, by counting twice (F. Mattern, "Algorithms for distributed termination
 * detection", 1987): the loop is empty when two rounds see every input ended, nobody busy and equal, unchanged sums.
 */
export interface LoopQuery {
  'round'?: (number);
}

/**
 * Termination of feedback loops, by counting twice (F. Mattern, "Algorithms for distributed termination
 * detection", 1987): the loop is empty when two rounds see every input ended, nobody busy and equal, unchanged sums.
 */
export interface LoopQuery__Output {
  'round': (number);
}
