// Original file: proto/sage/v1/workers.proto

import type { FailureView as _sage_v1_FailureView, FailureView__Output as _sage_v1_FailureView__Output } from '../../sage/v1/FailureView.ts';

export interface Failed {
  'failure'?: (_sage_v1_FailureView | null);
}

export interface Failed__Output {
  'failure': (_sage_v1_FailureView__Output | null);
}
