// Original file: proto/sage/v1/jobs.proto


export interface ServerInfoRequest {
}

export interface ServerInfoRequest__Output {
}
