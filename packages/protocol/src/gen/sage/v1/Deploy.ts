// Original file: proto/sage/v1/workers.proto

import type { Peer as _sage_v1_Peer, Peer__Output as _sage_v1_Peer__Output } from '../../sage/v1/Peer.ts';

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
}
