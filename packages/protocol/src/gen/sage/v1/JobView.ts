// Original file: proto/sage/v1/jobs.proto

import type { JobPhase as _sage_v1_JobPhase, JobPhase__Output as _sage_v1_JobPhase__Output } from '../../sage/v1/JobPhase.ts';
import type { FailureView as _sage_v1_FailureView, FailureView__Output as _sage_v1_FailureView__Output } from '../../sage/v1/FailureView.ts';
import type { OperatorView as _sage_v1_OperatorView, OperatorView__Output as _sage_v1_OperatorView__Output } from '../../sage/v1/OperatorView.ts';
import type { Transition as _sage_v1_Transition, Transition__Output as _sage_v1_Transition__Output } from '../../sage/v1/Transition.ts';
import type { ServiceView as _sage_v1_ServiceView, ServiceView__Output as _sage_v1_ServiceView__Output } from '../../sage/v1/ServiceView.ts';
import type { DispatcherView as _sage_v1_DispatcherView, DispatcherView__Output as _sage_v1_DispatcherView__Output } from '../../sage/v1/DispatcherView.ts';
import type { CheckpointView as _sage_v1_CheckpointView, CheckpointView__Output as _sage_v1_CheckpointView__Output } from '../../sage/v1/CheckpointView.ts';
import type { RestartView as _sage_v1_RestartView, RestartView__Output as _sage_v1_RestartView__Output } from '../../sage/v1/RestartView.ts';
import type { JobCheckpoints as _sage_v1_JobCheckpoints, JobCheckpoints__Output as _sage_v1_JobCheckpoints__Output } from '../../sage/v1/JobCheckpoints.ts';
import type { RestartStrategy as _sage_v1_RestartStrategy, RestartStrategy__Output as _sage_v1_RestartStrategy__Output } from '../../sage/v1/RestartStrategy.ts';

export interface JobView {
  'jobId'?: (string);
  /**
   * place in the list, from 1, in order of submission; never reused
   */
  'number'?: (number);
  'name'?: (string);
  'phase'?: (_sage_v1_JobPhase);
  'submittedAtMs'?: (number);
  /**
   * 0: not yet
   */
  'startedAtMs'?: (number);
  /**
   * 0: not yet
   */
  'endedAtMs'?: (number);
  'attempt'?: (number);
  'parallelism'?: (number);
  'failure'?: (_sage_v1_FailureView | null);
  'operators'?: (_sage_v1_OperatorView)[];
  /**
   * the newest last
   */
  'history'?: (_sage_v1_Transition)[];
  'services'?: (_sage_v1_ServiceView)[];
  'dispatcher'?: (_sage_v1_DispatcherView | null);
  'labels'?: ({[key: string]: string});
  /**
   * workers and services of the job are gone
   */
  'resourcesReleased'?: (boolean);
  'warnings'?: (string)[];
  /**
   * only in Get
   */
  'planJson'?: (string);
  /**
   * grows with every change
   */
  'revision'?: (number);
  /**
   * the newest last; failed and deleted ones too, some hundred at most
   */
  'checkpoints'?: (_sage_v1_CheckpointView)[];
  /**
   * the newest last, some hundred at most
   */
  'restarts'?: (_sage_v1_RestartView)[];
  'restartCount'?: (number);
  /**
   * exactly-once, exactly-once-state, at-least-once, none: what a failure leaves of the results
   */
  'guarantee'?: (string);
  /**
   * which operator lowers it
   */
  'guaranteeReason'?: (string);
  /**
   * of the last checkpoint
   */
  'stateBytes'?: (number);
  'checkpointSettings'?: (_sage_v1_JobCheckpoints | null);
  'restart'?: (_sage_v1_RestartStrategy | null);
  'restoredFrom'?: (_sage_v1_CheckpointView | null);
  /**
   * of the last savepoint, for submit --from
   */
  'savepointDir'?: (string);
  /**
   * older moves that are no longer kept
   */
  'historyDropped'?: (number);
  /**
   * hosts or resources that its workers need before they can start; empty: it does not wait
   */
  'waitsFor'?: (string);
}

export interface JobView__Output {
  'jobId': (string);
  /**
   * place in the list, from 1, in order of submission; never reused
   */
  'number': (number);
  'name': (string);
  'phase': (_sage_v1_JobPhase__Output);
  'submittedAtMs': (number);
  /**
   * 0: not yet
   */
  'startedAtMs': (number);
  /**
   * 0: not yet
   */
  'endedAtMs': (number);
  'attempt': (number);
  'parallelism': (number);
  'failure': (_sage_v1_FailureView__Output | null);
  'operators': (_sage_v1_OperatorView__Output)[];
  /**
   * the newest last
   */
  'history': (_sage_v1_Transition__Output)[];
  'services': (_sage_v1_ServiceView__Output)[];
  'dispatcher': (_sage_v1_DispatcherView__Output | null);
  'labels': ({[key: string]: string});
  /**
   * workers and services of the job are gone
   */
  'resourcesReleased': (boolean);
  'warnings': (string)[];
  /**
   * only in Get
   */
  'planJson': (string);
  /**
   * grows with every change
   */
  'revision': (number);
  /**
   * the newest last; failed and deleted ones too, some hundred at most
   */
  'checkpoints': (_sage_v1_CheckpointView__Output)[];
  /**
   * the newest last, some hundred at most
   */
  'restarts': (_sage_v1_RestartView__Output)[];
  'restartCount': (number);
  /**
   * exactly-once, exactly-once-state, at-least-once, none: what a failure leaves of the results
   */
  'guarantee': (string);
  /**
   * which operator lowers it
   */
  'guaranteeReason': (string);
  /**
   * of the last checkpoint
   */
  'stateBytes': (number);
  'checkpointSettings': (_sage_v1_JobCheckpoints__Output | null);
  'restart': (_sage_v1_RestartStrategy__Output | null);
  'restoredFrom': (_sage_v1_CheckpointView__Output | null);
  /**
   * of the last savepoint, for submit --from
   */
  'savepointDir': (string);
  /**
   * older moves that are no longer kept
   */
  'historyDropped': (number);
  /**
   * hosts or resources that its workers need before they can start; empty: it does not wait
   */
  'waitsFor': (string);
}
