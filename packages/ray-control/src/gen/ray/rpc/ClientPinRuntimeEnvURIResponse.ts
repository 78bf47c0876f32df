// Original file: proto/ray/ray_client.proto


export interface ClientPinRuntimeEnvURIResponse {
}

export interface ClientPinRuntimeEnvURIResponse__Output {
}
