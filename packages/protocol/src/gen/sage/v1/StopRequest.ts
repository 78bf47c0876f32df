// Original file: proto/sage/v1/jobs.proto


export interface StopRequest {
  'jobId'?: (string);
}

export interface StopRequest__Output {
  'jobId': (string);
}
