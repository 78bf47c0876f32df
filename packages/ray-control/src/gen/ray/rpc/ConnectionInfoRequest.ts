// Original file: proto/ray/ray_client.proto


export interface ConnectionInfoRequest {
}

export interface ConnectionInfoRequest__Output {
}
