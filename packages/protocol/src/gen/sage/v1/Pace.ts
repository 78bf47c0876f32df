// Original file: proto/sage/v1/workers.proto


/**
 * From the next heartbeat on they come as often as this says: a daemon with very many workers asks for fewer.
 */
export interface Pace {
  'heartbeatIntervalMs'?: (number);
}

/**
 * From the next heartbeat on they come as often as this says: a daemon with very many workers asks for fewer.
 */
export interface Pace__Output {
  'heartbeatIntervalMs': (number);
}
