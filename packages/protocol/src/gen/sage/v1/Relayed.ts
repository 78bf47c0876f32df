// Original file: proto/sage/v1/workers.proto


/**
 * Frames of calls between two workers which cannot dial one another, by way of the daemon.
 */
export interface Relayed {
  /**
   * the other worker: to whom it goes, or from whom it comes
   */
  'peer'?: (number);
  /**
   * number of the caller's
   */
  'connection'?: (number);
  'frames'?: (Buffer | Uint8Array | string);
  'fromCaller'?: (boolean);
  /**
   * of the connection; there are no frames
   */
  'end'?: (boolean);
}

/**
 * Frames of calls between two workers which cannot dial one another, by way of the daemon.
 */
export interface Relayed__Output {
  /**
   * the other worker: to whom it goes, or from whom it comes
   */
  'peer': (number);
  /**
   * number of the caller's
   */
  'connection': (number);
  'frames': (Buffer);
  'fromCaller': (boolean);
  /**
   * of the connection; there are no frames
   */
  'end': (boolean);
}
