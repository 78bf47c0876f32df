// Original file: proto/sage/v1/jobs.proto


export interface ResultsRequest {
  'jobId'?: (string);
  'nodeId'?: (string);
}

export interface ResultsRequest__Output {
  'jobId': (string);
  'nodeId': (string);
}
