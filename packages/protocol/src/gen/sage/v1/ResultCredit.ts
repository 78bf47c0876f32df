// Original file: proto/sage/v1/workers.proto


export interface ResultCredit {
  'nodeId'?: (string);
  'index'?: (number);
  /**
   * so many more may be sent; a worker begins with none, and each batch it sends again counts too
   */
  'batches'?: (number);
}

export interface ResultCredit__Output {
  'nodeId': (string);
  'index': (number);
  /**
   * so many more may be sent; a worker begins with none, and each batch it sends again counts too
   */
  'batches': (number);
}
