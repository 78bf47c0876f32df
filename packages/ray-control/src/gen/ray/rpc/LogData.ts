// Original file: proto/ray/ray_client.proto


export interface LogData {
  'msg'?: (string);
  'level'?: (number);
  'name'?: (string);
}

export interface LogData__Output {
  'msg': (string);
  'level': (number);
  'name': (string);
}
