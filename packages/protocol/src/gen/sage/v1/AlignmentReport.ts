// Original file: proto/sage/v1/workers.proto

import type { GroupTime as _sage_v1_GroupTime, GroupTime__Output as _sage_v1_GroupTime__Output } from '../../sage/v1/GroupTime.ts';

/**
 * Watermark alignment: how far the sources of each group have come here; the answer says how far they are in all workers.
 */
export interface AlignmentReport {
  'groups'?: (_sage_v1_GroupTime)[];
}

/**
 * Watermark alignment: how far the sources of each group have come here; the answer says how far they are in all workers.
 */
export interface AlignmentReport__Output {
  'groups': (_sage_v1_GroupTime__Output)[];
}
