// Original file: proto/sage/v1/jobs.proto

import type { RayResource as _sage_v1_RayResource, RayResource__Output as _sage_v1_RayResource__Output } from '../../sage/v1/RayResource.ts';

/**
 * The Ray cluster that a daemon runs workers on, as that sees it now.
 */
export interface RayView {
  'address'?: (string);
  /**
   * it cannot be reached; empty: it answers, and the rest is known
   */
  'why'?: (string);
  'version'?: (string);
  /**
   * that live
   */
  'hosts'?: (number);
  /**
   * that Ray has known, and that are dead; some at most
   */
  'lostHosts'?: (string)[];
  'resources'?: (_sage_v1_RayResource)[];
}

/**
 * The Ray cluster that a daemon runs workers on, as that sees it now.
 */
export interface RayView__Output {
  'address': (string);
  /**
   * it cannot be reached; empty: it answers, and the rest is known
   */
  'why': (string);
  'version': (string);
  /**
   * that live
   */
  'hosts': (number);
  /**
   * that Ray has known, and that are dead; some at most
   */
  'lostHosts': (string)[];
  'resources': (_sage_v1_RayResource__Output)[];
}
