// Original file: proto/sage/v1/jobs.proto


export interface NoRestart {
}

export interface NoRestart__Output {
}
