// Original file: proto/ray/ray_client.proto


export interface ConnectionInfoResponse {
  'numClients'?: (number);
  'rayVersion'?: (string);
  'rayCommit'?: (string);
  'pythonVersion'?: (string);
}

export interface ConnectionInfoResponse__Output {
  'numClients': (number);
  'rayVersion': (string);
  'rayCommit': (string);
  'pythonVersion': (string);
}
