// Original file: proto/sage/v1/workers.proto


export interface PulseReply {
}

export interface PulseReply__Output {
}
