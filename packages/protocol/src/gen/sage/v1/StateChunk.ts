// Original file: proto/sage/v1/workers.proto

import type { StateOwner as _sage_v1_StateOwner, StateOwner__Output as _sage_v1_StateOwner__Output } from '../../sage/v1/StateOwner.ts';

export interface StateChunk {
  /**
   * first message only
   */
  'owner'?: (_sage_v1_StateOwner | null);
  /**
   * first message only
   */
  'checkpointId'?: (number);
  /**
   * first message only
   */
  'name'?: (string);
  /**
   * first message only
   */
  'sha256'?: (string);
  /**
   * first message only
   */
  'bytes'?: (number);
  'data'?: (Buffer | Uint8Array | string);
}

export interface StateChunk__Output {
  /**
   * first message only
   */
  'owner': (_sage_v1_StateOwner__Output | null);
  /**
   * first message only
   */
  'checkpointId': (number);
  /**
   * first message only
   */
  'name': (string);
  /**
   * first message only
   */
  'sha256': (string);
  /**
   * first message only
   */
  'bytes': (number);
  'data': (Buffer);
}
