// Original file: proto/sage/v1/workers.proto

import type { LogLine as _sage_v1_LogLine, LogLine__Output as _sage_v1_LogLine__Output } from '../../sage/v1/LogLine.ts';

export interface Logged {
  'lines'?: (_sage_v1_LogLine)[];
}

export interface Logged__Output {
  'lines': (_sage_v1_LogLine__Output)[];
}
