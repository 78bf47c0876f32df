// Original file: proto/ray/ray_client.proto


export interface LogSettingsRequest {
  'enabled'?: (boolean);
  'loglevel'?: (number);
}

export interface LogSettingsRequest__Output {
  'enabled': (boolean);
  'loglevel': (number);
}
