// Original file: proto/sage/v1/jobs.proto

import type { InstanceView as _sage_v1_InstanceView, InstanceView__Output as _sage_v1_InstanceView__Output } from '../../sage/v1/InstanceView.ts';

export interface OperatorView {
  'nodeId'?: (string);
  'name'?: (string);
  'kind'?: (string);
  /**
   * name of the chain it runs in
   */
  'chain'?: (string);
  'instances'?: (_sage_v1_InstanceView)[];
}

export interface OperatorView__Output {
  'nodeId': (string);
  'name': (string);
  'kind': (string);
  /**
   * name of the chain it runs in
   */
  'chain': (string);
  'instances': (_sage_v1_InstanceView__Output)[];
}
