// Original file: proto/sage/v1/workers.proto

import type { ProfileView as _sage_v1_ProfileView, ProfileView__Output as _sage_v1_ProfileView__Output } from '../../sage/v1/ProfileView.ts';

export interface Profiled {
  'id'?: (number);
  'profile'?: (_sage_v1_ProfileView | null);
  /**
   * why there is none
   */
  'error'?: (string);
}

export interface Profiled__Output {
  'id': (number);
  'profile': (_sage_v1_ProfileView__Output | null);
  /**
   * why there is none
   */
  'error': (string);
}
