// Original file: proto/sage/v1/workers.proto

import type { InstanceView as _sage_v1_InstanceView, InstanceView__Output as _sage_v1_InstanceView__Output } from '../../sage/v1/InstanceView.ts';

export interface TaskMetrics {
  'nodeId'?: (string);
  'instance'?: (_sage_v1_InstanceView | null);
}

export interface TaskMetrics__Output {
  'nodeId': (string);
  'instance': (_sage_v1_InstanceView__Output | null);
}
