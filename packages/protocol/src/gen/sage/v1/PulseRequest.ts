// Original file: proto/sage/v1/workers.proto

import type { StateOwner as _sage_v1_StateOwner, StateOwner__Output as _sage_v1_StateOwner__Output } from '../../sage/v1/StateOwner.ts';
import type { BlockView as _sage_v1_BlockView, BlockView__Output as _sage_v1_BlockView__Output } from '../../sage/v1/BlockView.ts';

export interface PulseRequest {
  'owner'?: (_sage_v1_StateOwner | null);
  /**
   * empty: none of them
   */
  'operator'?: (string);
  'index'?: (number);
  'block'?: (_sage_v1_BlockView | null);
}

export interface PulseRequest__Output {
  'owner': (_sage_v1_StateOwner__Output | null);
  /**
   * empty: none of them
   */
  'operator': (string);
  'index': (number);
  'block': (_sage_v1_BlockView__Output | null);
}
