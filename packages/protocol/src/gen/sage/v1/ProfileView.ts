// Original file: proto/sage/v1/jobs.proto

import type { ProfileFunction as _sage_v1_ProfileFunction, ProfileFunction__Output as _sage_v1_ProfileFunction__Output } from '../../sage/v1/ProfileFunction.ts';
import type { ProfileOperator as _sage_v1_ProfileOperator, ProfileOperator__Output as _sage_v1_ProfileOperator__Output } from '../../sage/v1/ProfileOperator.ts';

export interface ProfileView {
  'workerIndex'?: (number);
  'host'?: (string);
  'durationMs'?: (number);
  /**
   * what Chrome's DevTools and speedscope open
   */
  'cpuprofileGzip'?: (Buffer | Uint8Array | string);
  /**
   * those that took most by themselves first
   */
  'functions'?: (_sage_v1_ProfileFunction)[];
  /**
   * those whose code took most first
   */
  'operators'?: (_sage_v1_ProfileOperator)[];
}

export interface ProfileView__Output {
  'workerIndex': (number);
  'host': (string);
  'durationMs': (number);
  /**
   * what Chrome's DevTools and speedscope open
   */
  'cpuprofileGzip': (Buffer);
  /**
   * those that took most by themselves first
   */
  'functions': (_sage_v1_ProfileFunction__Output)[];
  /**
   * those whose code took most first
   */
  'operators': (_sage_v1_ProfileOperator__Output)[];
}
