// Original file: proto/ray/ray_client.proto


export interface AcknowledgeRequest {
  'reqId'?: (number);
}

export interface AcknowledgeRequest__Output {
  'reqId': (number);
}
