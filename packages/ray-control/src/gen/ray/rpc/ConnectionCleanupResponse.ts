// Original file: proto/ray/ray_client.proto


export interface ConnectionCleanupResponse {
}

export interface ConnectionCleanupResponse__Output {
}
