// Original file: proto/sage/v1/jobs.proto


export interface ProfileOperator {
  /**
   * where operators share their code: all of them, with commas
   */
  'name'?: (string);
  /**
   * in its functions, and in what they called
   */
  'totalMs'?: (number | string);
  /**
   * its chain waited for a promise of it; of samples, so roughly
   */
  'waitedMs'?: (number | string);
}

export interface ProfileOperator__Output {
  /**
   * where operators share their code: all of them, with commas
   */
  'name': (string);
  /**
   * in its functions, and in what they called
   */
  'totalMs': (number);
  /**
   * its chain waited for a promise of it; of samples, so roughly
   */
  'waitedMs': (number);
}
