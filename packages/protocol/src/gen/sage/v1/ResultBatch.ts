// Original file: proto/sage/v1/jobs.proto


export interface ResultBatch {
  /**
   * parallel instance
   */
  'index'?: (number);
  /**
   * per instance, from 0
   */
  'seq'?: (number);
  /**
   * an encoded batch (protocol/src/records)
   */
  'records'?: (Buffer | Uint8Array | string);
  /**
   * the last checkpoint whose barrier the instance had seen; a batch ends at each barrier
   */
  'afterCheckpoint'?: (number);
}

export interface ResultBatch__Output {
  /**
   * parallel instance
   */
  'index': (number);
  /**
   * per instance, from 0
   */
  'seq': (number);
  /**
   * an encoded batch (protocol/src/records)
   */
  'records': (Buffer);
  /**
   * the last checkpoint whose barrier the instance had seen; a batch ends at each barrier
   */
  'afterCheckpoint': (number);
}
