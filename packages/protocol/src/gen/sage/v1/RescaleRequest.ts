// Original file: proto/sage/v1/jobs.proto


export interface RescaleRequest {
  'jobId'?: (string);
  'parallelism'?: (number);
}

export interface RescaleRequest__Output {
  'jobId': (string);
  'parallelism': (number);
}
