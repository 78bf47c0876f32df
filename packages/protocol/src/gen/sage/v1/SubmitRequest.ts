// Original file: proto/sage/v1/jobs.proto

import type { DataArtifact as _sage_v1_DataArtifact, DataArtifact__Output as _sage_v1_DataArtifact__Output } from '../../sage/v1/DataArtifact.ts';

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
}
