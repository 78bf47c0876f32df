// Original file: proto/sage/v1/workers.proto

import type { LoopCount as _sage_v1_LoopCount, LoopCount__Output as _sage_v1_LoopCount__Output } from '../../sage/v1/LoopCount.ts';

export interface LoopReport {
  'round'?: (number);
  'loops'?: (_sage_v1_LoopCount)[];
}

export interface LoopReport__Output {
  'round': (number);
  'loops': (_sage_v1_LoopCount__Output)[];
}
