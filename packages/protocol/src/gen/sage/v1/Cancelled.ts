// Original file: proto/sage/v1/workers.proto


export interface Cancelled {
}

export interface Cancelled__Output {
}
