// Original file: proto/sage/v1/jobs.proto


/**
 * Records given as an array, shipped as data: one encoded batch stream per source node.
 */
export interface DataArtifact {
  'nodeId'?: (string);
  'hash'?: (string);
}

/**
 * Records given as an array, shipped as data: one encoded batch stream per source node.
 */
export interface DataArtifact__Output {
  'nodeId': (string);
  'hash': (string);
}
