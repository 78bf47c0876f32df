// Original file: proto/ray/ray_client.proto


export interface PrepRuntimeEnvResponse {
}

export interface PrepRuntimeEnvResponse__Output {
}
