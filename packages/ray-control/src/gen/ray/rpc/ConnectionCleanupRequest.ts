// Original file: proto/ray/ray_client.proto


export interface ConnectionCleanupRequest {
}

export interface ConnectionCleanupRequest__Output {
}
