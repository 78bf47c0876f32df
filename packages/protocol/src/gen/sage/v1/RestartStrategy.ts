// Original file: proto/sage/v1/jobs.proto

import type { NoRestart as _sage_v1_NoRestart, NoRestart__Output as _sage_v1_NoRestart__Output } from '../../sage/v1/NoRestart.ts';
import type { FixedRestart as _sage_v1_FixedRestart, FixedRestart__Output as _sage_v1_FixedRestart__Output } from '../../sage/v1/FixedRestart.ts';
import type { ExponentialRestart as _sage_v1_ExponentialRestart, ExponentialRestart__Output as _sage_v1_ExponentialRestart__Output } from '../../sage/v1/ExponentialRestart.ts';
import type { FailureRateRestart as _sage_v1_FailureRateRestart, FailureRateRestart__Output as _sage_v1_FailureRateRestart__Output } from '../../sage/v1/FailureRateRestart.ts';

export interface RestartStrategy {
  'none'?: (_sage_v1_NoRestart | null);
  'fixed'?: (_sage_v1_FixedRestart | null);
  'exponential'?: (_sage_v1_ExponentialRestart | null);
  'failureRate'?: (_sage_v1_FailureRateRestart | null);
  'strategy'?: "none"|"fixed"|"exponential"|"failureRate";
}

export interface RestartStrategy__Output {
  'none'?: (_sage_v1_NoRestart__Output | null);
  'fixed'?: (_sage_v1_FixedRestart__Output | null);
  'exponential'?: (_sage_v1_ExponentialRestart__Output | null);
  'failureRate'?: (_sage_v1_FailureRateRestart__Output | null);
  'strategy'?: "none"|"fixed"|"exponential"|"failureRate";
}
