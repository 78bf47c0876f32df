// Original file: proto/sage/v1/jobs.proto


export interface ArtifactChunk {
  /**
   * first message only
   */
  'hash'?: (string);
  /**
   * first message only
   */
  'size'?: (number);
  'data'?: (Buffer | Uint8Array | string);
}

export interface ArtifactChunk__Output {
  /**
   * first message only
   */
  'hash': (string);
  /**
   * first message only
   */
  'size': (number);
  'data': (Buffer);
}
