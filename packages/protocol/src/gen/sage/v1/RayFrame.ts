// Original file: proto/sage/v1/workers.proto


export interface RayFrame {
  'json'?: (string);
}

export interface RayFrame__Output {
  'json': (string);
}
