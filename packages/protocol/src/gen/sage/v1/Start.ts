// Original file: proto/sage/v1/workers.proto


export interface Start {
}

export interface Start__Output {
}
