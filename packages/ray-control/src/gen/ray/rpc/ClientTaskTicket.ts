// Original file: proto/ray/ray_client.proto


export interface ClientTaskTicket {
  'valid'?: (boolean);
  'returnIds'?: (Buffer | Uint8Array | string)[];
  'error'?: (Buffer | Uint8Array | string);
}

export interface ClientTaskTicket__Output {
  'valid': (boolean);
  'returnIds': (Buffer)[];
  'error': (Buffer);
}
