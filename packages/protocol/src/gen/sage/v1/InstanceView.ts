// Original file: proto/sage/v1/jobs.proto


export interface InstanceView {
  'index'?: (number);
  /**
   * created, running, finished, failed, cancelled
   */
  'state'?: (string);
  'host'?: (string);
  'pid'?: (number);
  'recordsIn'?: (number);
  'recordsOut'?: (number);
  'skipped'?: (number);
  'deadLettered'?: (number);
  'retried'?: (number);
  'bytesIn'?: (number);
  'bytesOut'?: (number);
  /**
   * of a bounded source that knows its size: 0 to 1; below 0: unknown
   */
  'progress'?: (number | string);
  'workerId'?: (string);
}

export interface InstanceView__Output {
  'index': (number);
  /**
   * created, running, finished, failed, cancelled
   */
  'state': (string);
  'host': (string);
  'pid': (number);
  'recordsIn': (number);
  'recordsOut': (number);
  'skipped': (number);
  'deadLettered': (number);
  'retried': (number);
  'bytesIn': (number);
  'bytesOut': (number);
  /**
   * of a bounded source that knows its size: 0 to 1; below 0: unknown
   */
  'progress': (number);
  'workerId': (string);
}
