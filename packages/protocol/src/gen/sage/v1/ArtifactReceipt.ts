// Original file: proto/sage/v1/jobs.proto


export interface ArtifactReceipt {
  'hash'?: (string);
  'alreadyKnown'?: (boolean);
}

export interface ArtifactReceipt__Output {
  'hash': (string);
  'alreadyKnown': (boolean);
}
