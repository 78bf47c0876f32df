// Original file: proto/sage/v1/workers.proto

import type { TaskMetrics as _sage_v1_TaskMetrics, TaskMetrics__Output as _sage_v1_TaskMetrics__Output } from '../../sage/v1/TaskMetrics.ts';
import type { ServiceView as _sage_v1_ServiceView, ServiceView__Output as _sage_v1_ServiceView__Output } from '../../sage/v1/ServiceView.ts';

export interface Heartbeat {
  'tasks'?: (_sage_v1_TaskMetrics)[];
  'services'?: (_sage_v1_ServiceView)[];
  'rssBytes'?: (number);
}

export interface Heartbeat__Output {
  'tasks': (_sage_v1_TaskMetrics__Output)[];
  'services': (_sage_v1_ServiceView__Output)[];
  'rssBytes': (number);
}
