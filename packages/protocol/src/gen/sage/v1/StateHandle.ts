// Original file: proto/sage/v1/workers.proto

import type { StateFile as _sage_v1_StateFile, StateFile__Output as _sage_v1_StateFile__Output } from '../../sage/v1/StateFile.ts';

export interface StateHandle {
  'file'?: (_sage_v1_StateFile | null);
  /**
   * of the file on this host; empty: `file.inline`, or StateDownload
   */
  'path'?: (string);
  /**
   * the instance that wrote it
   */
  'fromIndex'?: (number);
}

export interface StateHandle__Output {
  'file': (_sage_v1_StateFile__Output | null);
  /**
   * of the file on this host; empty: `file.inline`, or StateDownload
   */
  'path': (string);
  /**
   * the instance that wrote it
   */
  'fromIndex': (number);
}
