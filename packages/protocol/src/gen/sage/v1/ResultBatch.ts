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
}
