// Original file: proto/sage/v1/jobs.proto


export interface ServiceView {
  'name'?: (string);
  /**
   * worker index
   */
  'index'?: (number);
  'state'?: (string);
  'calls'?: (number);
  'failures'?: (number);
  'restarts'?: (number);
  'queued'?: (number);
  'host'?: (string);
  'pid'?: (number);
  /**
   * one instance for the whole job, in a worker of its own
   */
  'remote'?: (boolean);
  /**
   * of calls to a remote service: direct, or relayed by the daemon; empty: nobody has connected yet
   */
  'route'?: (string);
  /**
   * calls that have ended, well or not
   */
  'answered'?: (number);
  /**
   * of those, from the call to its answer, waiting included
   */
  'latencyTotalMs'?: (number | string);
}

export interface ServiceView__Output {
  'name': (string);
  /**
   * worker index
   */
  'index': (number);
  'state': (string);
  'calls': (number);
  'failures': (number);
  'restarts': (number);
  'queued': (number);
  'host': (string);
  'pid': (number);
  /**
   * one instance for the whole job, in a worker of its own
   */
  'remote': (boolean);
  /**
   * of calls to a remote service: direct, or relayed by the daemon; empty: nobody has connected yet
   */
  'route': (string);
  /**
   * calls that have ended, well or not
   */
  'answered': (number);
  /**
   * of those, from the call to its answer, waiting included
   */
  'latencyTotalMs': (number);
}
