// Original file: proto/sage/v1/workers.proto


export interface LoopCount {
  'loopId'?: (string);
  'sent'?: (number);
  'processed'?: (number);
  /**
   * inputs from outside the loop have ended and no record is being processed
   */
  'quiet'?: (boolean);
}

export interface LoopCount__Output {
  'loopId': (string);
  'sent': (number);
  'processed': (number);
  /**
   * inputs from outside the loop have ended and no record is being processed
   */
  'quiet': (boolean);
}
