// Original file: proto/sage/v1/workers.proto

import type { StateOwner as _sage_v1_StateOwner, StateOwner__Output as _sage_v1_StateOwner__Output } from '../../sage/v1/StateOwner.ts';

export interface StateRequest {
  'owner'?: (_sage_v1_StateOwner | null);
  'sha256'?: (string);
}

export interface StateRequest__Output {
  'owner': (_sage_v1_StateOwner__Output | null);
  'sha256': (string);
}
