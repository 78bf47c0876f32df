// Original file: proto/sage/v1/jobs.proto


export interface DeleteRequest {
  'jobId'?: (string);
  'force'?: (boolean);
}

export interface DeleteRequest__Output {
  'jobId': (string);
  'force': (boolean);
}
