// Original file: proto/sage/v1/jobs.proto


export interface ArtifactHashes {
  'hashes'?: (string)[];
}

export interface ArtifactHashes__Output {
  'hashes': (string)[];
}
