// Original file: proto/sage/v1/workers.proto

/**
 * How a file's state goes to the instances of another parallelism. With an unchanged parallelism every file goes back
 * to the instance that wrote it, but UNION files, which go to all.
 */
export const StateSpread = {
  /**
   * to instance `from_index` modulo the parallelism
   */
  STATE_SPREAD_INSTANCE: 'STATE_SPREAD_INSTANCE',
  /**
   * to every instance that owns one of its key groups
   */
  STATE_SPREAD_KEY_GROUPS: 'STATE_SPREAD_KEY_GROUPS',
  /**
   * to every instance
   */
  STATE_SPREAD_UNION: 'STATE_SPREAD_UNION',
  /**
   * to none: the job cannot change its parallelism from this checkpoint (records in flight)
   */
  STATE_SPREAD_FIXED: 'STATE_SPREAD_FIXED',
} as const;

/**
 * How a file's state goes to the instances of another parallelism. With an unchanged parallelism every file goes back
 * to the instance that wrote it, but UNION files, which go to all.
 */
export type StateSpread =
  /**
   * to instance `from_index` modulo the parallelism
   */
  | 'STATE_SPREAD_INSTANCE'
  | 0
  /**
   * to every instance that owns one of its key groups
   */
  | 'STATE_SPREAD_KEY_GROUPS'
  | 1
  /**
   * to every instance
   */
  | 'STATE_SPREAD_UNION'
  | 2
  /**
   * to none: the job cannot change its parallelism from this checkpoint (records in flight)
   */
  | 'STATE_SPREAD_FIXED'
  | 3

/**
 * How a file's state goes to the instances of another parallelism. With an unchanged parallelism every file goes back
 * to the instance that wrote it, but UNION files, which go to all.
 */
export type StateSpread__Output = typeof StateSpread[keyof typeof StateSpread]
