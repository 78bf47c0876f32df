// Original file: proto/sage/v1/workers.proto

import type { GroupTime as _sage_v1_GroupTime, GroupTime__Output as _sage_v1_GroupTime__Output } from '../../sage/v1/GroupTime.ts';

export interface AlignmentLimits {
  'groups'?: (_sage_v1_GroupTime)[];
}

export interface AlignmentLimits__Output {
  'groups': (_sage_v1_GroupTime__Output)[];
}
