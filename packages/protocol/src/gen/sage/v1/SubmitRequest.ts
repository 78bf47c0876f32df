// Original file: proto/sage/v1/jobs.proto

import type { DataArtifact as _sage_v1_DataArtifact, DataArtifact__Output as _sage_v1_DataArtifact__Output } from '../../sage/v1/DataArtifact.ts';
import type { JobCheckpoints as _sage_v1_JobCheckpoints, JobCheckpoints__Output as _sage_v1_JobCheckpoints__Output } from '../../sage/v1/JobCheckpoints.ts';
import type { RestartStrategy as _sage_v1_RestartStrategy, RestartStrategy__Output as _sage_v1_RestartStrategy__Output } from '../../sage/v1/RestartStrategy.ts';

export interface SubmitRequest {
  /**
   * UUID, made by the client
   */
  'jobId'?: (string);
  'name'?: (string);
  /**
   * protocol/src/plan.ts
   */
  'planJson'?: (string);
  /**
   * sha256 of the user's bundle, an artifact
   */
  'bundleHash'?: (string);
  /**
   * may be empty
   */
  'sourceMapHash'?: (string);
  /**
   * object of strings, numbers, booleans
   */
  'paramsJson'?: (string);
  'argv'?: (string)[];
  /**
   * chosen environment variables
   */
  'env'?: ({[key: string]: string});
  'data'?: (_sage_v1_DataArtifact)[];
  /**
   * which submit() of the program this is, from 0
   */
  'pipelineIndex'?: (number);
  'labels'?: ({[key: string]: string});
  /**
   * relative paths of the pipeline start here
   */
  'baseDir'?: (string);
  /**
   * absent: the daemon's defaults
   */
  'checkpoints'?: (_sage_v1_JobCheckpoints | null);
  /**
   * absent: exponential for jobs with checkpoints, else none
   */
  'restart'?: (_sage_v1_RestartStrategy | null);
  /**
   * A folder with a savepoint at the daemon, a savepoint's id, or `<job id>` for that job's last checkpoint.
   */
  'fromSavepoint'?: (string);
  /**
   * state of operators that are no longer there is left behind
   */
  'allowDroppedState'?: (boolean);
}

export interface SubmitRequest__Output {
  /**
   * UUID, made by the client
   */
  'jobId': (string);
  'name': (string);
  /**
   * protocol/src/plan.ts
   */
  'planJson': (string);
  /**
   * sha256 of the user's bundle, an artifact
   */
  'bundleHash': (string);
  /**
   * may be empty
   */
  'sourceMapHash': (string);
  /**
   * object of strings, numbers, booleans
   */
  'paramsJson': (string);
  'argv': (string)[];
  /**
   * chosen environment variables
   */
  'env': ({[key: string]: string});
  'data': (_sage_v1_DataArtifact__Output)[];
  /**
   * which submit() of the program this is, from 0
   */
  'pipelineIndex': (number);
  'labels': ({[key: string]: string});
  /**
   * relative paths of the pipeline start here
   */
  'baseDir': (string);
  /**
   * absent: the daemon's defaults
   */
  'checkpoints': (_sage_v1_JobCheckpoints__Output | null);
  /**
   * absent: exponential for jobs with checkpoints, else none
   */
  'restart': (_sage_v1_RestartStrategy__Output | null);
  /**
   * A folder with a savepoint at the daemon, a savepoint's id, or `<job id>` for that job's last checkpoint.
   */
  'fromSavepoint': (string);
  /**
   * state of operators that are no longer there is left behind
   */
  'allowDroppedState': (boolean);
}
