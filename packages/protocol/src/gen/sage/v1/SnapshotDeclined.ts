// Original file: proto/sage/v1/workers.proto


export interface SnapshotDeclined {
  'checkpointId'?: (number);
  'reason'?: (string);
  'operator'?: (string);
  'index'?: (number);
  /**
   * of the error, such as SAGE_STATE_NOT_SERIALIZABLE
   */
  'code'?: (string);
  'hint'?: (string);
}

export interface SnapshotDeclined__Output {
  'checkpointId': (number);
  'reason': (string);
  'operator': (string);
  'index': (number);
  /**
   * of the error, such as SAGE_STATE_NOT_SERIALIZABLE
   */
  'code': (string);
  'hint': (string);
}
