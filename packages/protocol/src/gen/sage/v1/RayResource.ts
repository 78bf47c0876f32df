// Original file: proto/sage/v1/jobs.proto


export interface RayResource {
  /**
   * CPU, GPU, memory (bytes), custom ones
   */
  'name'?: (string);
  'total'?: (number | string);
  'free'?: (number | string);
}

export interface RayResource__Output {
  /**
   * CPU, GPU, memory (bytes), custom ones
   */
  'name': (string);
  'total': (number);
  'free': (number);
}
