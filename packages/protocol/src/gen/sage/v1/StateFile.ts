// Original file: proto/sage/v1/workers.proto

import type { StateSpread as _sage_v1_StateSpread, StateSpread__Output as _sage_v1_StateSpread__Output } from '../../sage/v1/StateSpread.ts';

export interface StateFile {
  /**
   * in the staging folder: letters, digits, "-", "_", "."; empty if `inline` is there
   */
  'name'?: (string);
  /**
   * lower-case hex, of all bytes; also of inline ones
   */
  'sha256'?: (string);
  'bytes'?: (number);
  /**
   * the runtime's own word for what is in it
   */
  'kind'?: (string);
  'spread'?: (_sage_v1_StateSpread);
  /**
   * [from, to)
   */
  'keyGroupFrom'?: (number);
  'keyGroupTo'?: (number);
  /**
   * small states (up to 16 KiB) lie in the manifest
   */
  'inline'?: (Buffer | Uint8Array | string);
  /**
   * already in the store since an earlier checkpoint of the job: named by its sha256 alone
   */
  'earlier'?: (boolean);
}

export interface StateFile__Output {
  /**
   * in the staging folder: letters, digits, "-", "_", "."; empty if `inline` is there
   */
  'name': (string);
  /**
   * lower-case hex, of all bytes; also of inline ones
   */
  'sha256': (string);
  'bytes': (number);
  /**
   * the runtime's own word for what is in it
   */
  'kind': (string);
  'spread': (_sage_v1_StateSpread__Output);
  /**
   * [from, to)
   */
  'keyGroupFrom': (number);
  'keyGroupTo': (number);
  /**
   * small states (up to 16 KiB) lie in the manifest
   */
  'inline': (Buffer);
  /**
   * already in the store since an earlier checkpoint of the job: named by its sha256 alone
   */
  'earlier': (boolean);
}
