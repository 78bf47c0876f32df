// Original file: proto/ray/ray_client.proto


export interface PrepRuntimeEnvRequest {
}

export interface PrepRuntimeEnvRequest__Output {
}
