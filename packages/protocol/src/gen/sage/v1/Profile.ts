// Original file: proto/sage/v1/workers.proto


/**
 * Take a CPU profile of this process. One is taken at a time: another one is refused meanwhile.
 */
export interface Profile {
  'id'?: (number);
  /**
   * 0: nobody waits for the one of this id any more
   */
  'durationMs'?: (number);
}

/**
 * Take a CPU profile of this process. One is taken at a time: another one is refused meanwhile.
 */
export interface Profile__Output {
  'id': (number);
  /**
   * 0: nobody waits for the one of this id any more
   */
  'durationMs': (number);
}
