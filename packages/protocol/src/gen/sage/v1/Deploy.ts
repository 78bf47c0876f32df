// Original file: proto/sage/v1/workers.proto

import type { Peer as _sage_v1_Peer, Peer__Output as _sage_v1_Peer__Output } from '../../sage/v1/Peer.ts';
import type { CheckpointSettings as _sage_v1_CheckpointSettings, CheckpointSettings__Output as _sage_v1_CheckpointSettings__Output } from '../../sage/v1/CheckpointSettings.ts';
import type { Restore as _sage_v1_Restore, Restore__Output as _sage_v1_Restore__Output } from '../../sage/v1/Restore.ts';

export interface Deploy {
  'planJson'?: (string);
  /**
   * a file on this host; the worker checks its hash
   */
  'bundlePath'?: (string);
  'bundleHash'?: (string);
  'paramsJson'?: (string);
  'argv'?: (string)[];
  'pipelineIndex'?: (number);
  /**
   * all workers of the attempt, this one included
   */
  'peers'?: (_sage_v1_Peer)[];
  /**
   * node id → file of records shipped as data
   */
  'dataPaths'?: ({[key: string]: string});
  'baseDir'?: (string);
  /**
   * beside the bundle; empty: none
   */
  'sourceMapPath'?: (string);
  'sourceMapHash'?: (string);
  'attempt'?: (number);
  'checkpoints'?: (_sage_v1_CheckpointSettings | null);
  /**
   * absent: begin at the start
   */
  'restore'?: (_sage_v1_Restore | null);
  /**
   * Not 0: compile the program with this default parallelism and the key groups of `plan_json`, answer Deployed with
   * `plan_json`, and run nothing. `peers` is empty.
   */
  'replanParallelism'?: (number);
  /**
   * node id → sha256 of its file in `data_paths`
   */
  'dataHashes'?: ({[key: string]: string});
  /**
   * to the worker of a remote service: so often it was made anew in this attempt
   */
  'serviceRestarts'?: (number);
}

export interface Deploy__Output {
  'planJson': (string);
  /**
   * a file on this host; the worker checks its hash
   */
  'bundlePath': (string);
  'bundleHash': (string);
  'paramsJson': (string);
  'argv': (string)[];
  'pipelineIndex': (number);
  /**
   * all workers of the attempt, this one included
   */
  'peers': (_sage_v1_Peer__Output)[];
  /**
   * node id → file of records shipped as data
   */
  'dataPaths': ({[key: string]: string});
  'baseDir': (string);
  /**
   * beside the bundle; empty: none
   */
  'sourceMapPath': (string);
  'sourceMapHash': (string);
  'attempt': (number);
  'checkpoints': (_sage_v1_CheckpointSettings__Output | null);
  /**
   * absent: begin at the start
   */
  'restore': (_sage_v1_Restore__Output | null);
  /**
   * Not 0: compile the program with this default parallelism and the key groups of `plan_json`, answer Deployed with
   * `plan_json`, and run nothing. `peers` is empty.
   */
  'replanParallelism': (number);
  /**
   * node id → sha256 of its file in `data_paths`
   */
  'dataHashes': ({[key: string]: string});
  /**
   * to the worker of a remote service: so often it was made anew in this attempt
   */
  'serviceRestarts': (number);
}
