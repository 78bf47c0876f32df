// All of proto/ as data: for proto-loader's fromJSON, and as file descriptors for the reflection service.

export const descriptorJson = {
 "nested": {
  "sage": {
   "nested": {
    "v1": {
     "nested": {
      "Jobs": {
       "methods": {
        "Submit": {
         "requestType": "SubmitRequest",
         "responseType": "JobView"
        },
        "MissingArtifacts": {
         "requestType": "ArtifactHashes",
         "responseType": "ArtifactHashes"
        },
        "UploadArtifact": {
         "requestType": "ArtifactChunk",
         "requestStream": true,
         "responseType": "ArtifactReceipt"
        },
        "Get": {
         "requestType": "JobRef",
         "responseType": "JobView"
        },
        "List": {
         "requestType": "ListRequest",
         "responseType": "JobList"
        },
        "Watch": {
         "requestType": "WatchRequest",
         "responseType": "JobView",
         "responseStream": true
        },
        "Logs": {
         "requestType": "LogsRequest",
         "responseType": "LogLine",
         "responseStream": true
        },
        "Results": {
         "requestType": "ResultsRequest",
         "responseType": "ResultBatch",
         "responseStream": true
        },
        "Stop": {
         "requestType": "StopRequest",
         "responseType": "JobView"
        },
        "Continue": {
         "requestType": "ContinueRequest",
         "responseType": "JobView"
        },
        "Savepoint": {
         "requestType": "SavepointRequest",
         "responseType": "CheckpointView"
        },
        "Rescale": {
         "requestType": "RescaleRequest",
         "responseType": "JobView"
        },
        "Delete": {
         "requestType": "DeleteRequest",
         "responseType": "JobView"
        },
        "Cleanup": {
         "requestType": "CleanupRequest",
         "responseType": "JobList"
        },
        "ServerInfo": {
         "requestType": "ServerInfoRequest",
         "responseType": "ServerInfoView"
        },
        "Profile": {
         "requestType": "ProfileRequest",
         "responseType": "ProfileView"
        }
       }
      },
      "JobPhase": {
       "values": {
        "JOB_PHASE_UNSPECIFIED": 0,
        "INITIALIZING": 1,
        "RUNNING": 2,
        "STOPPING": 3,
        "STOPPED": 4,
        "RECOVERING": 5,
        "COMPLETED": 6,
        "FAILED": 7,
        "DELETED": 8
       }
      },
      "SubmitRequest": {
       "fields": {
        "jobId": {
         "type": "string",
         "id": 1
        },
        "name": {
         "type": "string",
         "id": 2
        },
        "planJson": {
         "type": "string",
         "id": 3
        },
        "bundleHash": {
         "type": "string",
         "id": 4
        },
        "sourceMapHash": {
         "type": "string",
         "id": 5
        },
        "paramsJson": {
         "type": "string",
         "id": 6
        },
        "argv": {
         "rule": "repeated",
         "type": "string",
         "id": 7
        },
        "env": {
         "keyType": "string",
         "type": "string",
         "id": 8
        },
        "data": {
         "rule": "repeated",
         "type": "DataArtifact",
         "id": 9
        },
        "pipelineIndex": {
         "type": "uint32",
         "id": 10
        },
        "labels": {
         "keyType": "string",
         "type": "string",
         "id": 11
        },
        "baseDir": {
         "type": "string",
         "id": 12
        },
        "checkpoints": {
         "type": "JobCheckpoints",
         "id": 13
        },
        "restart": {
         "type": "RestartStrategy",
         "id": 14
        },
        "fromSavepoint": {
         "type": "string",
         "id": 15
        },
        "allowDroppedState": {
         "type": "bool",
         "id": 16
        }
       }
      },
      "DataArtifact": {
       "fields": {
        "nodeId": {
         "type": "string",
         "id": 1
        },
        "hash": {
         "type": "string",
         "id": 2
        }
       }
      },
      "JobCheckpoints": {
       "fields": {
        "intervalMs": {
         "type": "uint32",
         "id": 1
        },
        "timeoutMs": {
         "type": "uint32",
         "id": 2
        },
        "keep": {
         "type": "uint32",
         "id": 3
        },
        "alignmentTimeoutMs": {
         "type": "uint32",
         "id": 4
        },
        "toleratedFailures": {
         "type": "uint32",
         "id": 5
        },
        "minPauseMs": {
         "type": "uint32",
         "id": 6
        },
        "guarantee": {
         "type": "string",
         "id": 7
        }
       }
      },
      "RestartStrategy": {
       "oneofs": {
        "strategy": {
         "oneof": [
          "none",
          "fixed",
          "exponential",
          "failureRate"
         ]
        }
       },
       "fields": {
        "none": {
         "type": "NoRestart",
         "id": 1
        },
        "fixed": {
         "type": "FixedRestart",
         "id": 2
        },
        "exponential": {
         "type": "ExponentialRestart",
         "id": 3
        },
        "failureRate": {
         "type": "FailureRateRestart",
         "id": 4
        }
       }
      },
      "NoRestart": {
       "fields": {}
      },
      "FixedRestart": {
       "fields": {
        "attempts": {
         "type": "uint32",
         "id": 1
        },
        "delayMs": {
         "type": "uint32",
         "id": 2
        }
       }
      },
      "ExponentialRestart": {
       "fields": {
        "initialMs": {
         "type": "uint32",
         "id": 1
        },
        "maxMs": {
         "type": "uint32",
         "id": 2
        },
        "factor": {
         "type": "double",
         "id": 3
        },
        "jitter": {
         "type": "double",
         "id": 4
        },
        "resetAfterMs": {
         "type": "uint32",
         "id": 5
        },
        "attempts": {
         "type": "uint32",
         "id": 6
        }
       }
      },
      "FailureRateRestart": {
       "fields": {
        "failures": {
         "type": "uint32",
         "id": 1
        },
        "intervalMs": {
         "type": "uint32",
         "id": 2
        },
        "delayMs": {
         "type": "uint32",
         "id": 3
        }
       }
      },
      "ArtifactHashes": {
       "fields": {
        "hashes": {
         "rule": "repeated",
         "type": "string",
         "id": 1
        }
       }
      },
      "ArtifactChunk": {
       "fields": {
        "hash": {
         "type": "string",
         "id": 1
        },
        "size": {
         "type": "uint64",
         "id": 2
        },
        "data": {
         "type": "bytes",
         "id": 3
        }
       }
      },
      "ArtifactReceipt": {
       "fields": {
        "hash": {
         "type": "string",
         "id": 1
        },
        "alreadyKnown": {
         "type": "bool",
         "id": 2
        }
       }
      },
      "JobRef": {
       "fields": {
        "jobId": {
         "type": "string",
         "id": 1
        }
       }
      },
      "ListRequest": {
       "fields": {
        "phases": {
         "rule": "repeated",
         "type": "JobPhase",
         "id": 1
        },
        "withDeleted": {
         "type": "bool",
         "id": 2
        }
       }
      },
      "JobList": {
       "fields": {
        "jobs": {
         "rule": "repeated",
         "type": "JobView",
         "id": 1
        }
       }
      },
      "WatchRequest": {
       "fields": {
        "jobId": {
         "type": "string",
         "id": 1
        },
        "minIntervalMs": {
         "type": "uint32",
         "id": 2
        }
       }
      },
      "LogsRequest": {
       "fields": {
        "jobId": {
         "type": "string",
         "id": 1
        },
        "follow": {
         "type": "bool",
         "id": 2
        },
        "afterSeq": {
         "type": "uint64",
         "id": 3
        },
        "tail": {
         "type": "uint32",
         "id": 4
        },
        "operator": {
         "type": "string",
         "id": 5
        },
        "level": {
         "type": "string",
         "id": 6
        }
       }
      },
      "LogLine": {
       "fields": {
        "seq": {
         "type": "uint64",
         "id": 1
        },
        "timeMs": {
         "type": "uint64",
         "id": 2
        },
        "level": {
         "type": "string",
         "id": 3
        },
        "operator": {
         "type": "string",
         "id": 4
        },
        "index": {
         "type": "uint32",
         "id": 5
        },
        "host": {
         "type": "string",
         "id": 6
        },
        "stream": {
         "type": "string",
         "id": 7
        },
        "text": {
         "type": "string",
         "id": 8
        }
       }
      },
      "ResultsRequest": {
       "fields": {
        "jobId": {
         "type": "string",
         "id": 1
        },
        "nodeId": {
         "type": "string",
         "id": 2
        }
       }
      },
      "ResultBatch": {
       "fields": {
        "index": {
         "type": "uint32",
         "id": 1
        },
        "seq": {
         "type": "uint64",
         "id": 2
        },
        "records": {
         "type": "bytes",
         "id": 3
        },
        "afterCheckpoint": {
         "type": "uint64",
         "id": 4
        }
       }
      },
      "StopRequest": {
       "fields": {
        "jobId": {
         "type": "string",
         "id": 1
        },
        "now": {
         "type": "bool",
         "id": 2
        },
        "drain": {
         "type": "bool",
         "id": 3
        }
       }
      },
      "ContinueRequest": {
       "fields": {
        "jobId": {
         "type": "string",
         "id": 1
        },
        "parallelism": {
         "type": "uint32",
         "id": 2
        },
        "checkpointId": {
         "type": "uint64",
         "id": 3
        }
       }
      },
      "SavepointRequest": {
       "fields": {
        "jobId": {
         "type": "string",
         "id": 1
        },
        "savepointId": {
         "type": "string",
         "id": 2
        }
       }
      },
      "RescaleRequest": {
       "fields": {
        "jobId": {
         "type": "string",
         "id": 1
        },
        "parallelism": {
         "type": "uint32",
         "id": 2
        }
       }
      },
      "DeleteRequest": {
       "fields": {
        "jobId": {
         "type": "string",
         "id": 1
        },
        "force": {
         "type": "bool",
         "id": 2
        }
       }
      },
      "CleanupRequest": {
       "fields": {
        "force": {
         "type": "bool",
         "id": 1
        },
        "olderThanMs": {
         "type": "uint64",
         "id": 2
        }
       }
      },
      "ServerInfoRequest": {
       "fields": {
        "ray": {
         "type": "bool",
         "id": 1
        }
       }
      },
      "ServerInfoView": {
       "fields": {
        "version": {
         "type": "string",
         "id": 1
        },
        "sessionId": {
         "type": "string",
         "id": 2
        },
        "startedAtMs": {
         "type": "uint64",
         "id": 3
        },
        "logDir": {
         "type": "string",
         "id": 4
        },
        "driver": {
         "type": "string",
         "id": 5
        },
        "pid": {
         "type": "uint32",
         "id": 6
        },
        "jobsByPhase": {
         "keyType": "string",
         "type": "uint32",
         "id": 7
        },
        "home": {
         "type": "string",
         "id": 8
        },
        "httpPort": {
         "type": "uint32",
         "id": 9
        },
        "rayCluster": {
         "type": "RayView",
         "id": 10
        }
       }
      },
      "RayView": {
       "fields": {
        "address": {
         "type": "string",
         "id": 1
        },
        "why": {
         "type": "string",
         "id": 2
        },
        "version": {
         "type": "string",
         "id": 3
        },
        "hosts": {
         "type": "uint32",
         "id": 4
        },
        "lostHosts": {
         "rule": "repeated",
         "type": "string",
         "id": 5
        },
        "resources": {
         "rule": "repeated",
         "type": "RayResource",
         "id": 6
        }
       }
      },
      "RayResource": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "total": {
         "type": "double",
         "id": 2
        },
        "free": {
         "type": "double",
         "id": 3
        }
       }
      },
      "JobView": {
       "fields": {
        "jobId": {
         "type": "string",
         "id": 1
        },
        "number": {
         "type": "uint32",
         "id": 2
        },
        "name": {
         "type": "string",
         "id": 3
        },
        "phase": {
         "type": "JobPhase",
         "id": 4
        },
        "submittedAtMs": {
         "type": "uint64",
         "id": 5
        },
        "startedAtMs": {
         "type": "uint64",
         "id": 6
        },
        "endedAtMs": {
         "type": "uint64",
         "id": 7
        },
        "attempt": {
         "type": "uint32",
         "id": 8
        },
        "parallelism": {
         "type": "uint32",
         "id": 9
        },
        "failure": {
         "type": "FailureView",
         "id": 10
        },
        "operators": {
         "rule": "repeated",
         "type": "OperatorView",
         "id": 11
        },
        "history": {
         "rule": "repeated",
         "type": "Transition",
         "id": 12
        },
        "services": {
         "rule": "repeated",
         "type": "ServiceView",
         "id": 13
        },
        "dispatcher": {
         "type": "DispatcherView",
         "id": 14
        },
        "labels": {
         "keyType": "string",
         "type": "string",
         "id": 15
        },
        "resourcesReleased": {
         "type": "bool",
         "id": 16
        },
        "warnings": {
         "rule": "repeated",
         "type": "string",
         "id": 17
        },
        "planJson": {
         "type": "string",
         "id": 18
        },
        "revision": {
         "type": "uint64",
         "id": 19
        },
        "checkpoints": {
         "rule": "repeated",
         "type": "CheckpointView",
         "id": 20
        },
        "restarts": {
         "rule": "repeated",
         "type": "RestartView",
         "id": 21
        },
        "restartCount": {
         "type": "uint32",
         "id": 22
        },
        "guarantee": {
         "type": "string",
         "id": 23
        },
        "guaranteeReason": {
         "type": "string",
         "id": 24
        },
        "stateBytes": {
         "type": "uint64",
         "id": 25
        },
        "checkpointSettings": {
         "type": "JobCheckpoints",
         "id": 26
        },
        "restart": {
         "type": "RestartStrategy",
         "id": 27
        },
        "restoredFrom": {
         "type": "CheckpointView",
         "id": 28
        },
        "savepointDir": {
         "type": "string",
         "id": 29
        },
        "historyDropped": {
         "type": "uint32",
         "id": 30
        },
        "waitsFor": {
         "type": "string",
         "id": 31
        }
       }
      },
      "CheckpointView": {
       "fields": {
        "id": {
         "type": "uint64",
         "id": 1
        },
        "kind": {
         "type": "string",
         "id": 2
        },
        "state": {
         "type": "string",
         "id": 3
        },
        "triggeredAtMs": {
         "type": "uint64",
         "id": 4
        },
        "durationMs": {
         "type": "uint64",
         "id": 5
        },
        "bytes": {
         "type": "uint64",
         "id": 6
        },
        "newBytes": {
         "type": "uint64",
         "id": 7
        },
        "attempt": {
         "type": "uint32",
         "id": 8
        },
        "alignmentMs": {
         "type": "uint64",
         "id": 9
        },
        "reason": {
         "type": "string",
         "id": 10
        },
        "path": {
         "type": "string",
         "id": 11
        },
        "savepointId": {
         "type": "string",
         "id": 12
        },
        "slowest": {
         "type": "SlowestTask",
         "id": 13
        },
        "overtakenBytes": {
         "type": "uint64",
         "id": 14
        }
       }
      },
      "SlowestTask": {
       "fields": {
        "operator": {
         "type": "string",
         "id": 1
        },
        "index": {
         "type": "uint32",
         "id": 2
        },
        "host": {
         "type": "string",
         "id": 3
        },
        "barrierMs": {
         "type": "uint64",
         "id": 4
        },
        "alignmentMs": {
         "type": "uint64",
         "id": 5
        },
        "writeMs": {
         "type": "uint64",
         "id": 6
        }
       }
      },
      "RestartView": {
       "fields": {
        "attempt": {
         "type": "uint32",
         "id": 1
        },
        "atMs": {
         "type": "uint64",
         "id": 2
        },
        "cause": {
         "type": "string",
         "id": 3
        },
        "code": {
         "type": "string",
         "id": 4
        },
        "operator": {
         "type": "string",
         "id": 5
        },
        "index": {
         "type": "uint32",
         "id": 6
        },
        "recordNumber": {
         "type": "uint64",
         "id": 7
        },
        "checkpointId": {
         "type": "uint64",
         "id": 8
        },
        "delayMs": {
         "type": "uint64",
         "id": 9
        },
        "recoveredMs": {
         "type": "uint64",
         "id": 10
        },
        "host": {
         "type": "string",
         "id": 11
        },
        "stack": {
         "type": "string",
         "id": 12
        },
        "hint": {
         "type": "string",
         "id": 13
        }
       }
      },
      "DispatcherView": {
       "fields": {
        "tasks": {
         "type": "uint32",
         "id": 1
        },
        "runningTasks": {
         "type": "uint32",
         "id": 2
        },
        "services": {
         "type": "uint32",
         "id": 3
        },
        "workers": {
         "type": "uint32",
         "id": 4
        },
        "running": {
         "type": "bool",
         "id": 5
        }
       }
      },
      "Transition": {
       "fields": {
        "phase": {
         "type": "JobPhase",
         "id": 1
        },
        "atMs": {
         "type": "uint64",
         "id": 2
        },
        "reason": {
         "type": "string",
         "id": 3
        }
       }
      },
      "FailureView": {
       "fields": {
        "code": {
         "type": "string",
         "id": 1
        },
        "fault": {
         "type": "string",
         "id": 2
        },
        "message": {
         "type": "string",
         "id": 3
        },
        "operator": {
         "type": "string",
         "id": 4
        },
        "index": {
         "type": "uint32",
         "id": 5
        },
        "recordNumber": {
         "type": "uint64",
         "id": 6
        },
        "stack": {
         "type": "string",
         "id": 7
        },
        "hint": {
         "type": "string",
         "id": 8
        },
        "host": {
         "type": "string",
         "id": 9
        },
        "atMs": {
         "type": "uint64",
         "id": 10
        }
       }
      },
      "OperatorView": {
       "fields": {
        "nodeId": {
         "type": "string",
         "id": 1
        },
        "name": {
         "type": "string",
         "id": 2
        },
        "kind": {
         "type": "string",
         "id": 3
        },
        "chain": {
         "type": "string",
         "id": 4
        },
        "instances": {
         "rule": "repeated",
         "type": "InstanceView",
         "id": 5
        }
       }
      },
      "InstanceView": {
       "fields": {
        "index": {
         "type": "uint32",
         "id": 1
        },
        "state": {
         "type": "string",
         "id": 2
        },
        "host": {
         "type": "string",
         "id": 3
        },
        "pid": {
         "type": "uint32",
         "id": 4
        },
        "recordsIn": {
         "type": "uint64",
         "id": 5
        },
        "recordsOut": {
         "type": "uint64",
         "id": 6
        },
        "skipped": {
         "type": "uint64",
         "id": 7
        },
        "deadLettered": {
         "type": "uint64",
         "id": 8
        },
        "retried": {
         "type": "uint64",
         "id": 9
        },
        "bytesIn": {
         "type": "uint64",
         "id": 10
        },
        "bytesOut": {
         "type": "uint64",
         "id": 11
        },
        "progress": {
         "type": "double",
         "id": 12
        },
        "workerId": {
         "type": "string",
         "id": 13
        },
        "busyMs": {
         "type": "double",
         "id": 14
        },
        "backPressuredMs": {
         "type": "double",
         "id": 15
        },
        "idleMs": {
         "type": "double",
         "id": 16
        },
        "turnMs": {
         "type": "double",
         "id": 17
        },
        "busyMsPerSecond": {
         "type": "double",
         "id": 18
        },
        "backPressuredMsPerSecond": {
         "type": "double",
         "id": 19
        },
        "idleMsPerSecond": {
         "type": "double",
         "id": 20
        },
        "turnMsPerSecond": {
         "type": "double",
         "id": 21
        },
        "queuedBatches": {
         "type": "uint64",
         "id": 22
        },
        "queuedBytes": {
         "type": "uint64",
         "id": 23
        },
        "hasWatermark": {
         "type": "bool",
         "id": 24
        },
        "watermarkMs": {
         "type": "double",
         "id": 25
        },
        "watermarkLagMs": {
         "type": "double",
         "id": 26
        },
        "stateBytes": {
         "type": "uint64",
         "id": 27
        },
        "stateKeys": {
         "type": "uint64",
         "id": 28
        },
        "restarts": {
         "type": "uint32",
         "id": 29
        },
        "block": {
         "type": "BlockView",
         "id": 30
        },
        "blocks": {
         "type": "uint32",
         "id": 31
        },
        "latencyP50Ms": {
         "type": "double",
         "id": 32
        },
        "latencyP99Ms": {
         "type": "double",
         "id": 33
        },
        "latencyMaxMs": {
         "type": "double",
         "id": 34
        },
        "latencySamples": {
         "type": "uint32",
         "id": 35
        },
        "recordsInPerSecond": {
         "type": "double",
         "id": 36
        },
        "recordsOutPerSecond": {
         "type": "double",
         "id": 37
        }
       }
      },
      "BlockView": {
       "fields": {
        "atMs": {
         "type": "uint64",
         "id": 1
        },
        "durationMs": {
         "type": "uint64",
         "id": 2
        },
        "isOver": {
         "type": "bool",
         "id": 3
        },
        "stack": {
         "type": "string",
         "id": 4
        }
       }
      },
      "ProfileRequest": {
       "fields": {
        "jobId": {
         "type": "string",
         "id": 1
        },
        "workerIndex": {
         "type": "uint32",
         "id": 2
        },
        "durationMs": {
         "type": "uint32",
         "id": 3
        }
       }
      },
      "ProfileView": {
       "fields": {
        "workerIndex": {
         "type": "uint32",
         "id": 1
        },
        "host": {
         "type": "string",
         "id": 2
        },
        "durationMs": {
         "type": "uint64",
         "id": 3
        },
        "cpuprofileGzip": {
         "type": "bytes",
         "id": 4
        },
        "functions": {
         "rule": "repeated",
         "type": "ProfileFunction",
         "id": 5
        },
        "operators": {
         "rule": "repeated",
         "type": "ProfileOperator",
         "id": 6
        }
       }
      },
      "ProfileOperator": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "totalMs": {
         "type": "double",
         "id": 2
        },
        "waitedMs": {
         "type": "double",
         "id": 3
        }
       }
      },
      "ProfileFunction": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "place": {
         "type": "string",
         "id": 2
        },
        "selfMs": {
         "type": "double",
         "id": 3
        },
        "totalMs": {
         "type": "double",
         "id": 4
        },
        "isUsers": {
         "type": "bool",
         "id": 5
        }
       }
      },
      "ServiceView": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "index": {
         "type": "uint32",
         "id": 2
        },
        "state": {
         "type": "string",
         "id": 3
        },
        "calls": {
         "type": "uint64",
         "id": 4
        },
        "failures": {
         "type": "uint64",
         "id": 5
        },
        "restarts": {
         "type": "uint32",
         "id": 6
        },
        "queued": {
         "type": "uint32",
         "id": 7
        },
        "host": {
         "type": "string",
         "id": 8
        },
        "pid": {
         "type": "uint32",
         "id": 9
        },
        "remote": {
         "type": "bool",
         "id": 10
        },
        "route": {
         "type": "string",
         "id": 11
        },
        "answered": {
         "type": "uint64",
         "id": 15
        },
        "latencyTotalMs": {
         "type": "double",
         "id": 16
        }
       }
      },
      "Workers": {
       "methods": {
        "Attach": {
         "requestType": "WorkerMessage",
         "requestStream": true,
         "responseType": "DaemonMessage",
         "responseStream": true
        },
        "StateUpload": {
         "requestType": "StateChunk",
         "requestStream": true,
         "responseType": "StateReceipt"
        },
        "StateDownload": {
         "requestType": "StateRequest",
         "responseType": "StateChunk",
         "responseStream": true
        },
        "ArtifactDownload": {
         "requestType": "StateRequest",
         "responseType": "StateChunk",
         "responseStream": true
        },
        "Pulse": {
         "requestType": "PulseRequest",
         "responseType": "PulseReply"
        },
        "DriveRay": {
         "requestType": "RayFrame",
         "requestStream": true,
         "responseType": "RayFrame",
         "responseStream": true
        }
       }
      },
      "RayFrame": {
       "fields": {
        "json": {
         "type": "string",
         "id": 1
        }
       }
      },
      "WorkerMessage": {
       "oneofs": {
        "body": {
         "oneof": [
          "hello",
          "deployed",
          "heartbeat",
          "logged",
          "result",
          "deadLetter",
          "finished",
          "failed",
          "cancelled",
          "loopReport",
          "snapshotAck",
          "snapshotDeclined",
          "committed",
          "awaitsCheckpoint",
          "relayed",
          "profiled",
          "alignmentReport",
          "peerSilent"
         ]
        }
       },
       "fields": {
        "hello": {
         "type": "Hello",
         "id": 1
        },
        "deployed": {
         "type": "Deployed",
         "id": 2
        },
        "heartbeat": {
         "type": "Heartbeat",
         "id": 3
        },
        "logged": {
         "type": "Logged",
         "id": 4
        },
        "result": {
         "type": "Result",
         "id": 5
        },
        "deadLetter": {
         "type": "DeadLetter",
         "id": 6
        },
        "finished": {
         "type": "Finished",
         "id": 7
        },
        "failed": {
         "type": "Failed",
         "id": 8
        },
        "cancelled": {
         "type": "Cancelled",
         "id": 9
        },
        "loopReport": {
         "type": "LoopReport",
         "id": 10
        },
        "snapshotAck": {
         "type": "SnapshotAck",
         "id": 11
        },
        "snapshotDeclined": {
         "type": "SnapshotDeclined",
         "id": 12
        },
        "committed": {
         "type": "Committed",
         "id": 13
        },
        "awaitsCheckpoint": {
         "type": "AwaitsCheckpoint",
         "id": 14
        },
        "relayed": {
         "type": "Relayed",
         "id": 40
        },
        "profiled": {
         "type": "Profiled",
         "id": 30
        },
        "alignmentReport": {
         "type": "AlignmentReport",
         "id": 31
        },
        "peerSilent": {
         "type": "PeerSilent",
         "id": 50
        }
       }
      },
      "PeerSilent": {
       "fields": {
        "workerIndex": {
         "type": "uint32",
         "id": 1
        },
        "silentMs": {
         "type": "uint32",
         "id": 2
        }
       }
      },
      "DaemonMessage": {
       "oneofs": {
        "body": {
         "oneof": [
          "welcome",
          "deploy",
          "start",
          "cancel",
          "resultCredit",
          "loopQuery",
          "loopEnd",
          "refused",
          "close",
          "triggerCheckpoint",
          "checkpointCommitted",
          "checkpointAborted",
          "drain",
          "peerMoved",
          "relayed",
          "profile",
          "alignmentLimits",
          "challenge",
          "pace"
         ]
        }
       },
       "fields": {
        "welcome": {
         "type": "Welcome",
         "id": 1
        },
        "deploy": {
         "type": "Deploy",
         "id": 2
        },
        "start": {
         "type": "Start",
         "id": 3
        },
        "cancel": {
         "type": "Cancel",
         "id": 4
        },
        "resultCredit": {
         "type": "ResultCredit",
         "id": 5
        },
        "loopQuery": {
         "type": "LoopQuery",
         "id": 6
        },
        "loopEnd": {
         "type": "LoopEnd",
         "id": 7
        },
        "refused": {
         "type": "Refused",
         "id": 8
        },
        "close": {
         "type": "Close",
         "id": 9
        },
        "triggerCheckpoint": {
         "type": "TriggerCheckpoint",
         "id": 10
        },
        "checkpointCommitted": {
         "type": "CheckpointCommitted",
         "id": 11
        },
        "checkpointAborted": {
         "type": "CheckpointAborted",
         "id": 12
        },
        "drain": {
         "type": "Drain",
         "id": 13
        },
        "peerMoved": {
         "type": "Peer",
         "id": 41
        },
        "relayed": {
         "type": "Relayed",
         "id": 40
        },
        "profile": {
         "type": "Profile",
         "id": 30
        },
        "alignmentLimits": {
         "type": "AlignmentLimits",
         "id": 31
        },
        "challenge": {
         "type": "Challenge",
         "id": 60
        },
        "pace": {
         "type": "Pace",
         "id": 61
        }
       }
      },
      "Challenge": {
       "fields": {
        "daemonNonce": {
         "type": "bytes",
         "id": 1
        }
       }
      },
      "Hello": {
       "fields": {
        "jobId": {
         "type": "string",
         "id": 1
        },
        "attempt": {
         "type": "uint32",
         "id": 2
        },
        "workerIndex": {
         "type": "uint32",
         "id": 3
        },
        "workerId": {
         "type": "string",
         "id": 4
        },
        "host": {
         "type": "string",
         "id": 5
        },
        "pid": {
         "type": "uint32",
         "id": 6
        },
        "nonce": {
         "type": "bytes",
         "id": 7
        },
        "proof": {
         "type": "bytes",
         "id": 8
        },
        "dataAddress": {
         "type": "string",
         "id": 9
        },
        "version": {
         "type": "string",
         "id": 10
        },
        "snapshots": {
         "type": "bool",
         "id": 11
        }
       }
      },
      "Welcome": {
       "fields": {
        "heartbeatIntervalMs": {
         "type": "uint32",
         "id": 1
        },
        "gracePeriodMs": {
         "type": "uint32",
         "id": 2
        },
        "proof": {
         "type": "bytes",
         "id": 3
        }
       }
      },
      "Pace": {
       "fields": {
        "heartbeatIntervalMs": {
         "type": "uint32",
         "id": 1
        }
       }
      },
      "Refused": {
       "fields": {
        "reason": {
         "type": "string",
         "id": 1
        }
       }
      },
      "Deploy": {
       "fields": {
        "planJson": {
         "type": "string",
         "id": 1
        },
        "bundlePath": {
         "type": "string",
         "id": 2
        },
        "bundleHash": {
         "type": "string",
         "id": 3
        },
        "paramsJson": {
         "type": "string",
         "id": 4
        },
        "argv": {
         "rule": "repeated",
         "type": "string",
         "id": 5
        },
        "pipelineIndex": {
         "type": "uint32",
         "id": 6
        },
        "peers": {
         "rule": "repeated",
         "type": "Peer",
         "id": 7
        },
        "dataPaths": {
         "keyType": "string",
         "type": "string",
         "id": 8
        },
        "baseDir": {
         "type": "string",
         "id": 9
        },
        "sourceMapPath": {
         "type": "string",
         "id": 10
        },
        "sourceMapHash": {
         "type": "string",
         "id": 11
        },
        "attempt": {
         "type": "uint32",
         "id": 12
        },
        "checkpoints": {
         "type": "CheckpointSettings",
         "id": 13
        },
        "restore": {
         "type": "Restore",
         "id": 14
        },
        "replanParallelism": {
         "type": "uint32",
         "id": 15
        },
        "dataHashes": {
         "keyType": "string",
         "type": "string",
         "id": 16
        },
        "serviceRestarts": {
         "type": "uint32",
         "id": 41
        }
       }
      },
      "CheckpointSettings": {
       "fields": {
        "intervalMs": {
         "type": "uint32",
         "id": 1
        },
        "alignmentTimeoutMs": {
         "type": "uint32",
         "id": 2
        },
        "stagingDir": {
         "type": "string",
         "id": 3
        },
        "guarantee": {
         "type": "string",
         "id": 4
        }
       }
      },
      "Restore": {
       "fields": {
        "checkpointId": {
         "type": "uint64",
         "id": 1
        },
        "tasks": {
         "rule": "repeated",
         "type": "TaskRestore",
         "id": 2
        },
        "allowDroppedState": {
         "type": "bool",
         "id": 3
        }
       }
      },
      "TaskRestore": {
       "fields": {
        "nodeId": {
         "type": "string",
         "id": 1
        },
        "index": {
         "type": "uint32",
         "id": 2
        },
        "handles": {
         "rule": "repeated",
         "type": "StateHandle",
         "id": 3
        },
        "keyGroupFrom": {
         "type": "uint32",
         "id": 4
        },
        "keyGroupTo": {
         "type": "uint32",
         "id": 5
        },
        "finished": {
         "type": "bool",
         "id": 6
        },
        "fromParallelism": {
         "type": "uint32",
         "id": 7
        }
       }
      },
      "StateHandle": {
       "fields": {
        "file": {
         "type": "StateFile",
         "id": 1
        },
        "path": {
         "type": "string",
         "id": 2
        },
        "fromIndex": {
         "type": "uint32",
         "id": 3
        }
       }
      },
      "StateSpread": {
       "values": {
        "STATE_SPREAD_INSTANCE": 0,
        "STATE_SPREAD_KEY_GROUPS": 1,
        "STATE_SPREAD_UNION": 2,
        "STATE_SPREAD_FIXED": 3
       }
      },
      "StateFile": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "sha256": {
         "type": "string",
         "id": 2
        },
        "bytes": {
         "type": "uint64",
         "id": 3
        },
        "kind": {
         "type": "string",
         "id": 4
        },
        "spread": {
         "type": "StateSpread",
         "id": 5
        },
        "keyGroupFrom": {
         "type": "uint32",
         "id": 6
        },
        "keyGroupTo": {
         "type": "uint32",
         "id": 7
        },
        "inline": {
         "type": "bytes",
         "id": 8
        },
        "earlier": {
         "type": "bool",
         "id": 9
        }
       }
      },
      "Peer": {
       "fields": {
        "workerIndex": {
         "type": "uint32",
         "id": 1
        },
        "dataAddress": {
         "type": "string",
         "id": 2
        }
       }
      },
      "Deployed": {
       "fields": {
        "fingerprint": {
         "type": "string",
         "id": 1
        },
        "planJson": {
         "type": "string",
         "id": 2
        }
       }
      },
      "Start": {
       "fields": {}
      },
      "Heartbeat": {
       "fields": {
        "tasks": {
         "rule": "repeated",
         "type": "TaskMetrics",
         "id": 1
        },
        "services": {
         "rule": "repeated",
         "type": "ServiceView",
         "id": 2
        },
        "rssBytes": {
         "type": "uint64",
         "id": 3
        }
       }
      },
      "TaskMetrics": {
       "fields": {
        "nodeId": {
         "type": "string",
         "id": 1
        },
        "instance": {
         "type": "InstanceView",
         "id": 2
        }
       }
      },
      "Logged": {
       "fields": {
        "lines": {
         "rule": "repeated",
         "type": "LogLine",
         "id": 1
        }
       }
      },
      "Result": {
       "fields": {
        "nodeId": {
         "type": "string",
         "id": 1
        },
        "batch": {
         "type": "ResultBatch",
         "id": 2
        },
        "last": {
         "type": "bool",
         "id": 3
        }
       }
      },
      "ResultCredit": {
       "fields": {
        "nodeId": {
         "type": "string",
         "id": 1
        },
        "index": {
         "type": "uint32",
         "id": 2
        },
        "batches": {
         "type": "uint32",
         "id": 3
        }
       }
      },
      "DeadLetter": {
       "fields": {
        "operator": {
         "type": "string",
         "id": 1
        },
        "index": {
         "type": "uint32",
         "id": 2
        },
        "recordNumber": {
         "type": "uint64",
         "id": 3
        },
        "recordJson": {
         "type": "string",
         "id": 4
        },
        "error": {
         "type": "string",
         "id": 5
        }
       }
      },
      "Finished": {
       "fields": {
        "tasks": {
         "rule": "repeated",
         "type": "TaskMetrics",
         "id": 1
        }
       }
      },
      "Failed": {
       "fields": {
        "failure": {
         "type": "FailureView",
         "id": 1
        }
       }
      },
      "Cancel": {
       "fields": {
        "reason": {
         "type": "string",
         "id": 1
        }
       }
      },
      "Cancelled": {
       "fields": {}
      },
      "Close": {
       "fields": {}
      },
      "LoopQuery": {
       "fields": {
        "round": {
         "type": "uint64",
         "id": 1
        }
       }
      },
      "LoopReport": {
       "fields": {
        "round": {
         "type": "uint64",
         "id": 1
        },
        "loops": {
         "rule": "repeated",
         "type": "LoopCount",
         "id": 2
        }
       }
      },
      "LoopCount": {
       "fields": {
        "loopId": {
         "type": "string",
         "id": 1
        },
        "sent": {
         "type": "uint64",
         "id": 2
        },
        "processed": {
         "type": "uint64",
         "id": 3
        },
        "quiet": {
         "type": "bool",
         "id": 4
        }
       }
      },
      "LoopEnd": {
       "fields": {
        "loopId": {
         "type": "string",
         "id": 1
        }
       }
      },
      "TriggerCheckpoint": {
       "fields": {
        "checkpointId": {
         "type": "uint64",
         "id": 1
        },
        "savepoint": {
         "type": "bool",
         "id": 2
        },
        "halt": {
         "type": "bool",
         "id": 3
        },
        "drain": {
         "type": "bool",
         "id": 4
        }
       }
      },
      "SnapshotAck": {
       "fields": {
        "checkpointId": {
         "type": "uint64",
         "id": 1
        },
        "tasks": {
         "rule": "repeated",
         "type": "TaskSnapshot",
         "id": 2
        },
        "durationMs": {
         "type": "uint64",
         "id": 3
        }
       }
      },
      "TaskSnapshot": {
       "fields": {
        "nodeId": {
         "type": "string",
         "id": 1
        },
        "index": {
         "type": "uint32",
         "id": 2
        },
        "files": {
         "rule": "repeated",
         "type": "StateFile",
         "id": 3
        },
        "stateBytes": {
         "type": "uint64",
         "id": 4
        },
        "durationMs": {
         "type": "uint64",
         "id": 5
        },
        "alignmentMs": {
         "type": "uint64",
         "id": 6
        },
        "inFlightBytes": {
         "type": "uint64",
         "id": 7
        },
        "finished": {
         "type": "bool",
         "id": 8
        },
        "schema": {
         "type": "string",
         "id": 9
        },
        "barrierMs": {
         "type": "uint64",
         "id": 10
        }
       }
      },
      "SnapshotDeclined": {
       "fields": {
        "checkpointId": {
         "type": "uint64",
         "id": 1
        },
        "reason": {
         "type": "string",
         "id": 2
        },
        "operator": {
         "type": "string",
         "id": 3
        },
        "index": {
         "type": "uint32",
         "id": 4
        },
        "code": {
         "type": "string",
         "id": 5
        },
        "hint": {
         "type": "string",
         "id": 6
        }
       }
      },
      "CheckpointCommitted": {
       "fields": {
        "checkpointId": {
         "type": "uint64",
         "id": 1
        }
       }
      },
      "Committed": {
       "fields": {
        "checkpointId": {
         "type": "uint64",
         "id": 1
        }
       }
      },
      "CheckpointAborted": {
       "fields": {
        "checkpointId": {
         "type": "uint64",
         "id": 1
        },
        "reason": {
         "type": "string",
         "id": 2
        }
       }
      },
      "AwaitsCheckpoint": {
       "fields": {}
      },
      "Drain": {
       "fields": {}
      },
      "Relayed": {
       "fields": {
        "peer": {
         "type": "uint32",
         "id": 1
        },
        "connection": {
         "type": "uint64",
         "id": 2
        },
        "frames": {
         "type": "bytes",
         "id": 3
        },
        "fromCaller": {
         "type": "bool",
         "id": 4
        },
        "end": {
         "type": "bool",
         "id": 5
        }
       }
      },
      "StateChunk": {
       "fields": {
        "owner": {
         "type": "StateOwner",
         "id": 1
        },
        "checkpointId": {
         "type": "uint64",
         "id": 2
        },
        "name": {
         "type": "string",
         "id": 3
        },
        "sha256": {
         "type": "string",
         "id": 4
        },
        "bytes": {
         "type": "uint64",
         "id": 5
        },
        "data": {
         "type": "bytes",
         "id": 6
        }
       }
      },
      "StateReceipt": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        }
       }
      },
      "StateRequest": {
       "fields": {
        "owner": {
         "type": "StateOwner",
         "id": 1
        },
        "sha256": {
         "type": "string",
         "id": 2
        }
       }
      },
      "StateOwner": {
       "fields": {
        "jobId": {
         "type": "string",
         "id": 1
        },
        "attempt": {
         "type": "uint32",
         "id": 2
        },
        "workerIndex": {
         "type": "uint32",
         "id": 3
        },
        "workerId": {
         "type": "string",
         "id": 4
        },
        "nonce": {
         "type": "bytes",
         "id": 5
        },
        "proof": {
         "type": "bytes",
         "id": 6
        },
        "serial": {
         "type": "uint64",
         "id": 7
        }
       }
      },
      "PulseRequest": {
       "fields": {
        "owner": {
         "type": "StateOwner",
         "id": 1
        },
        "operator": {
         "type": "string",
         "id": 2
        },
        "index": {
         "type": "uint32",
         "id": 3
        },
        "block": {
         "type": "BlockView",
         "id": 4
        }
       }
      },
      "PulseReply": {
       "fields": {}
      },
      "Profile": {
       "fields": {
        "id": {
         "type": "uint64",
         "id": 1
        },
        "durationMs": {
         "type": "uint32",
         "id": 2
        }
       }
      },
      "Profiled": {
       "fields": {
        "id": {
         "type": "uint64",
         "id": 1
        },
        "profile": {
         "type": "ProfileView",
         "id": 2
        },
        "error": {
         "type": "string",
         "id": 3
        }
       }
      },
      "AlignmentReport": {
       "fields": {
        "groups": {
         "rule": "repeated",
         "type": "GroupTime",
         "id": 1
        }
       }
      },
      "AlignmentLimits": {
       "fields": {
        "groups": {
         "rule": "repeated",
         "type": "GroupTime",
         "id": 1
        }
       }
      },
      "GroupTime": {
       "fields": {
        "group": {
         "type": "string",
         "id": 1
        },
        "timeMs": {
         "type": "double",
         "id": 2
        }
       }
      }
     }
    }
   }
  },
  "grpc": {
   "nested": {
    "health": {
     "nested": {
      "v1": {
       "nested": {
        "Health": {
         "methods": {
          "Check": {
           "requestType": "HealthCheckRequest",
           "responseType": "HealthCheckResponse"
          },
          "Watch": {
           "requestType": "HealthCheckRequest",
           "responseType": "HealthCheckResponse",
           "responseStream": true
          }
         }
        },
        "HealthCheckRequest": {
         "fields": {
          "service": {
           "type": "string",
           "id": 1
          }
         }
        },
        "HealthCheckResponse": {
         "fields": {
          "status": {
           "type": "ServingStatus",
           "id": 1
          }
         },
         "nested": {
          "ServingStatus": {
           "values": {
            "UNKNOWN": 0,
            "SERVING": 1,
            "NOT_SERVING": 2,
            "SERVICE_UNKNOWN": 3
           }
          }
         }
        }
       }
      }
     }
    },
    "reflection": {
     "nested": {
      "v1": {
       "nested": {
        "ServerReflection": {
         "methods": {
          "ServerReflectionInfo": {
           "requestType": "ServerReflectionRequest",
           "requestStream": true,
           "responseType": "ServerReflectionResponse",
           "responseStream": true
          }
         }
        },
        "ServerReflectionRequest": {
         "oneofs": {
          "messageRequest": {
           "oneof": [
            "fileByFilename",
            "fileContainingSymbol",
            "fileContainingExtension",
            "allExtensionNumbersOfType",
            "listServices"
           ]
          }
         },
         "fields": {
          "host": {
           "type": "string",
           "id": 1
          },
          "fileByFilename": {
           "type": "string",
           "id": 3
          },
          "fileContainingSymbol": {
           "type": "string",
           "id": 4
          },
          "fileContainingExtension": {
           "type": "ExtensionRequest",
           "id": 5
          },
          "allExtensionNumbersOfType": {
           "type": "string",
           "id": 6
          },
          "listServices": {
           "type": "string",
           "id": 7
          }
         }
        },
        "ExtensionRequest": {
         "fields": {
          "containingType": {
           "type": "string",
           "id": 1
          },
          "extensionNumber": {
           "type": "int32",
           "id": 2
          }
         }
        },
        "ServerReflectionResponse": {
         "oneofs": {
          "messageResponse": {
           "oneof": [
            "fileDescriptorResponse",
            "allExtensionNumbersResponse",
            "listServicesResponse",
            "errorResponse"
           ]
          }
         },
         "fields": {
          "validHost": {
           "type": "string",
           "id": 1
          },
          "originalRequest": {
           "type": "ServerReflectionRequest",
           "id": 2
          },
          "fileDescriptorResponse": {
           "type": "FileDescriptorResponse",
           "id": 4
          },
          "allExtensionNumbersResponse": {
           "type": "ExtensionNumberResponse",
           "id": 5
          },
          "listServicesResponse": {
           "type": "ListServiceResponse",
           "id": 6
          },
          "errorResponse": {
           "type": "ErrorResponse",
           "id": 7
          }
         }
        },
        "FileDescriptorResponse": {
         "fields": {
          "fileDescriptorProto": {
           "rule": "repeated",
           "type": "bytes",
           "id": 1
          }
         }
        },
        "ExtensionNumberResponse": {
         "fields": {
          "baseTypeName": {
           "type": "string",
           "id": 1
          },
          "extensionNumber": {
           "rule": "repeated",
           "type": "int32",
           "id": 2
          }
         }
        },
        "ListServiceResponse": {
         "fields": {
          "service": {
           "rule": "repeated",
           "type": "ServiceResponse",
           "id": 1
          }
         }
        },
        "ServiceResponse": {
         "fields": {
          "name": {
           "type": "string",
           "id": 1
          }
         }
        },
        "ErrorResponse": {
         "fields": {
          "errorCode": {
           "type": "int32",
           "id": 1
          },
          "errorMessage": {
           "type": "string",
           "id": 2
          }
         }
        }
       }
      }
     }
    }
   }
  }
 }
};

export const fileDescriptors: readonly { readonly name: string; readonly symbols: readonly string[]; readonly base64: string }[] =
  [
  {
    "name": "sage_v1.proto",
    "symbols": [
      "sage.v1.SubmitRequest",
      "sage.v1.SubmitRequest.Env",
      "sage.v1.SubmitRequest.Labels",
      "sage.v1.DataArtifact",
      "sage.v1.JobCheckpoints",
      "sage.v1.RestartStrategy",
      "sage.v1.NoRestart",
      "sage.v1.FixedRestart",
      "sage.v1.ExponentialRestart",
      "sage.v1.FailureRateRestart",
      "sage.v1.ArtifactHashes",
      "sage.v1.ArtifactChunk",
      "sage.v1.ArtifactReceipt",
      "sage.v1.JobRef",
      "sage.v1.ListRequest",
      "sage.v1.JobList",
      "sage.v1.WatchRequest",
      "sage.v1.LogsRequest",
      "sage.v1.LogLine",
      "sage.v1.ResultsRequest",
      "sage.v1.ResultBatch",
      "sage.v1.StopRequest",
      "sage.v1.ContinueRequest",
      "sage.v1.SavepointRequest",
      "sage.v1.RescaleRequest",
      "sage.v1.DeleteRequest",
      "sage.v1.CleanupRequest",
      "sage.v1.ServerInfoRequest",
      "sage.v1.ServerInfoView",
      "sage.v1.ServerInfoView.Jobs_by_phase",
      "sage.v1.RayView",
      "sage.v1.RayResource",
      "sage.v1.JobView",
      "sage.v1.JobView.Labels",
      "sage.v1.CheckpointView",
      "sage.v1.SlowestTask",
      "sage.v1.RestartView",
      "sage.v1.DispatcherView",
      "sage.v1.Transition",
      "sage.v1.FailureView",
      "sage.v1.OperatorView",
      "sage.v1.InstanceView",
      "sage.v1.BlockView",
      "sage.v1.ProfileRequest",
      "sage.v1.ProfileView",
      "sage.v1.ProfileOperator",
      "sage.v1.ProfileFunction",
      "sage.v1.ServiceView",
      "sage.v1.RayFrame",
      "sage.v1.WorkerMessage",
      "sage.v1.PeerSilent",
      "sage.v1.DaemonMessage",
      "sage.v1.Challenge",
      "sage.v1.Hello",
      "sage.v1.Welcome",
      "sage.v1.Pace",
      "sage.v1.Refused",
      "sage.v1.Deploy",
      "sage.v1.Deploy.Data_paths",
      "sage.v1.Deploy.Data_hashes",
      "sage.v1.CheckpointSettings",
      "sage.v1.Restore",
      "sage.v1.TaskRestore",
      "sage.v1.StateHandle",
      "sage.v1.StateFile",
      "sage.v1.Peer",
      "sage.v1.Deployed",
      "sage.v1.Start",
      "sage.v1.Heartbeat",
      "sage.v1.TaskMetrics",
      "sage.v1.Logged",
      "sage.v1.Result",
      "sage.v1.ResultCredit",
      "sage.v1.DeadLetter",
      "sage.v1.Finished",
      "sage.v1.Failed",
      "sage.v1.Cancel",
      "sage.v1.Cancelled",
      "sage.v1.Close",
      "sage.v1.LoopQuery",
      "sage.v1.LoopReport",
      "sage.v1.LoopCount",
      "sage.v1.LoopEnd",
      "sage.v1.TriggerCheckpoint",
      "sage.v1.SnapshotAck",
      "sage.v1.TaskSnapshot",
      "sage.v1.SnapshotDeclined",
      "sage.v1.CheckpointCommitted",
      "sage.v1.Committed",
      "sage.v1.CheckpointAborted",
      "sage.v1.AwaitsCheckpoint",
      "sage.v1.Drain",
      "sage.v1.Relayed",
      "sage.v1.StateChunk",
      "sage.v1.StateReceipt",
      "sage.v1.StateRequest",
      "sage.v1.StateOwner",
      "sage.v1.PulseRequest",
      "sage.v1.PulseReply",
      "sage.v1.Profile",
      "sage.v1.Profiled",
      "sage.v1.AlignmentReport",
      "sage.v1.AlignmentLimits",
      "sage.v1.GroupTime",
      "sage.v1.JobPhase",
      "sage.v1.StateSpread",
      "sage.v1.Jobs",
      "sage.v1.Jobs.Submit",
      "sage.v1.Jobs.MissingArtifacts",
      "sage.v1.Jobs.UploadArtifact",
      "sage.v1.Jobs.Get",
      "sage.v1.Jobs.List",
      "sage.v1.Jobs.Watch",
      "sage.v1.Jobs.Logs",
      "sage.v1.Jobs.Results",
      "sage.v1.Jobs.Stop",
      "sage.v1.Jobs.Continue",
      "sage.v1.Jobs.Savepoint",
      "sage.v1.Jobs.Rescale",
      "sage.v1.Jobs.Delete",
      "sage.v1.Jobs.Cleanup",
      "sage.v1.Jobs.ServerInfo",
      "sage.v1.Jobs.Profile",
      "sage.v1.Workers",
      "sage.v1.Workers.Attach",
      "sage.v1.Workers.StateUpload",
      "sage.v1.Workers.StateDownload",
      "sage.v1.Workers.ArtifactDownload",
      "sage.v1.Workers.Pulse",
      "sage.v1.Workers.DriveRay"
    ],
    "base64": "Cg1zYWdlX3YxLnByb3RvEgdzYWdlLnYxIs4DCg1TdWJtaXRSZXF1ZXN0Eg4KBmpvYl9pZBgBIAEoCRIMCgRuYW1lGAIgASgJEhEKCXBsYW5fanNvbhgDIAEoCRITCgtidW5kbGVfaGFzaBgEIAEoCRIXCg9zb3VyY2VfbWFwX2hhc2gYBSABKAkSEwoLcGFyYW1zX2pzb24YBiABKAkSDAoEYXJndhgHIAMoCRIQCgNlbnYYCCADKAsyA0VudhIaCgRkYXRhGAkgAygLMgxEYXRhQXJ0aWZhY3QSFgoOcGlwZWxpbmVfaW5kZXgYCiABKA0SFgoGbGFiZWxzGAsgAygLMgZMYWJlbHMSEAoIYmFzZV9kaXIYDCABKAkSIwoLY2hlY2twb2ludHMYDSABKAsyDkpvYkNoZWNrcG9pbnRzEiAKB3Jlc3RhcnQYDiABKAsyD1Jlc3RhcnRTdHJhdGVneRIWCg5mcm9tX3NhdmVwb2ludBgPIAEoCRIbChNhbGxvd19kcm9wcGVkX3N0YXRlGBAgASgIGiUKA0VudhILCgNrZXkYASABKAkSDQoFdmFsdWUYAiABKAk6AjgBGigKBkxhYmVscxILCgNrZXkYASABKAkSDQoFdmFsdWUYAiABKAk6AjgBIi0KDERhdGFBcnRpZmFjdBIPCgdub2RlX2lkGAEgASgJEgwKBGhhc2gYAiABKAkiqgEKDkpvYkNoZWNrcG9pbnRzEhMKC2ludGVydmFsX21zGAEgASgNEhIKCnRpbWVvdXRfbXMYAiABKA0SDAoEa2VlcBgDIAEoDRIcChRhbGlnbm1lbnRfdGltZW91dF9tcxgEIAEoDRIaChJ0b2xlcmF0ZWRfZmFpbHVyZXMYBSABKA0SFAoMbWluX3BhdXNlX21zGAYgASgNEhEKCWd1YXJhbnRlZRgHIAEoCSKuAQoPUmVzdGFydFN0cmF0ZWd5EhkKBG5vbmUYASABKAsyCU5vUmVzdGFydEgAEh0KBWZpeGVkGAIgASgLMgxGaXhlZFJlc3RhcnRIABIpCgtleHBvbmVudGlhbBgDIAEoCzISRXhwb25lbnRpYWxSZXN0YXJ0SAASKgoMZmFpbHVyZV9yYXRlGAQgASgLMhJGYWlsdXJlUmF0ZVJlc3RhcnRIAEIKCghzdHJhdGVneSILCglOb1Jlc3RhcnQiMgoMRml4ZWRSZXN0YXJ0EhAKCGF0dGVtcHRzGAEgASgNEhAKCGRlbGF5X21zGAIgASgNIoIBChJFeHBvbmVudGlhbFJlc3RhcnQSEgoKaW5pdGlhbF9tcxgBIAEoDRIOCgZtYXhfbXMYAiABKA0SDgoGZmFjdG9yGAMgASgBEg4KBmppdHRlchgEIAEoARIWCg5yZXNldF9hZnRlcl9tcxgFIAEoDRIQCghhdHRlbXB0cxgGIAEoDSJNChJGYWlsdXJlUmF0ZVJlc3RhcnQSEAoIZmFpbHVyZXMYASABKA0SEwoLaW50ZXJ2YWxfbXMYAiABKA0SEAoIZGVsYXlfbXMYAyABKA0iIAoOQXJ0aWZhY3RIYXNoZXMSDgoGaGFzaGVzGAEgAygJIjkKDUFydGlmYWN0Q2h1bmsSDAoEaGFzaBgBIAEoCRIMCgRzaXplGAIgASgEEgwKBGRhdGEYAyABKAwiNgoPQXJ0aWZhY3RSZWNlaXB0EgwKBGhhc2gYASABKAkSFQoNYWxyZWFkeV9rbm93bhgCIAEoCCIYCgZKb2JSZWYSDgoGam9iX2lkGAEgASgJIj0KC0xpc3RSZXF1ZXN0EhgKBnBoYXNlcxgBIAMoDjIISm9iUGhhc2USFAoMd2l0aF9kZWxldGVkGAIgASgIIiAKB0pvYkxpc3QSFQoEam9icxgBIAMoCzIHSm9iVmlldyI3CgxXYXRjaFJlcXVlc3QSDgoGam9iX2lkGAEgASgJEhcKD21pbl9pbnRlcnZhbF9tcxgCIAEoDSJvCgtMb2dzUmVxdWVzdBIOCgZqb2JfaWQYASABKAkSDgoGZm9sbG93GAIgASgIEhEKCWFmdGVyX3NlcRgDIAEoBBIMCgR0YWlsGAQgASgNEhAKCG9wZXJhdG9yGAUgASgJEg0KBWxldmVsGAYgASgJIoMBCgdMb2dMaW5lEgsKA3NlcRgBIAEoBBIPCgd0aW1lX21zGAIgASgEEg0KBWxldmVsGAMgASgJEhAKCG9wZXJhdG9yGAQgASgJEg0KBWluZGV4GAUgASgNEgwKBGhvc3QYBiABKAkSDgoGc3RyZWFtGAcgASgJEgwKBHRleHQYCCABKAkiMQoOUmVzdWx0c1JlcXVlc3QSDgoGam9iX2lkGAEgASgJEg8KB25vZGVfaWQYAiABKAkiVAoLUmVzdWx0QmF0Y2gSDQoFaW5kZXgYASABKA0SCwoDc2VxGAIgASgEEg8KB3JlY29yZHMYAyABKAwSGAoQYWZ0ZXJfY2hlY2twb2ludBgEIAEoBCI5CgtTdG9wUmVxdWVzdBIOCgZqb2JfaWQYASABKAkSCwoDbm93GAIgASgIEg0KBWRyYWluGAMgASgIIk0KD0NvbnRpbnVlUmVxdWVzdBIOCgZqb2JfaWQYASABKAkSEwoLcGFyYWxsZWxpc20YAiABKA0SFQoNY2hlY2twb2ludF9pZBgDIAEoBCI4ChBTYXZlcG9pbnRSZXF1ZXN0Eg4KBmpvYl9pZBgBIAEoCRIUCgxzYXZlcG9pbnRfaWQYAiABKAkiNQoOUmVzY2FsZVJlcXVlc3QSDgoGam9iX2lkGAEgASgJEhMKC3BhcmFsbGVsaXNtGAIgASgNIi4KDURlbGV0ZVJlcXVlc3QSDgoGam9iX2lkGAEgASgJEg0KBWZvcmNlGAIgASgIIjYKDkNsZWFudXBSZXF1ZXN0Eg0KBWZvcmNlGAEgASgIEhUKDW9sZGVyX3RoYW5fbXMYAiABKAQiIAoRU2VydmVySW5mb1JlcXVlc3QSCwoDcmF5GAEgASgIIpACCg5TZXJ2ZXJJbmZvVmlldxIPCgd2ZXJzaW9uGAEgASgJEhIKCnNlc3Npb25faWQYAiABKAkSFQoNc3RhcnRlZF9hdF9tcxgDIAEoBBIPCgdsb2dfZGlyGAQgASgJEg4KBmRyaXZlchgFIAEoCRILCgNwaWQYBiABKA0SJAoNam9ic19ieV9waGFzZRgHIAMoCzINSm9ic19ieV9waGFzZRIMCgRob21lGAggASgJEhEKCWh0dHBfcG9ydBgJIAEoDRIcCgtyYXlfY2x1c3RlchgKIAEoCzIHUmF5VmlldxovCg1Kb2JzX2J5X3BoYXNlEgsKA2tleRgBIAEoCRINCgV2YWx1ZRgCIAEoDToCOAEiewoHUmF5VmlldxIPCgdhZGRyZXNzGAEgASgJEgsKA3doeRgCIAEoCRIPCgd2ZXJzaW9uGAMgASgJEg0KBWhvc3RzGAQgASgNEhIKCmxvc3RfaG9zdHMYBSADKAkSHgoJcmVzb3VyY2VzGAYgAygLMgtSYXlSZXNvdXJjZSI4CgtSYXlSZXNvdXJjZRIMCgRuYW1lGAEgASgJEg0KBXRvdGFsGAIgASgBEgwKBGZyZWUYAyABKAEixQYKB0pvYlZpZXcSDgoGam9iX2lkGAEgASgJEg4KBm51bWJlchgCIAEoDRIMCgRuYW1lGAMgASgJEhcKBXBoYXNlGAQgASgOMghKb2JQaGFzZRIXCg9zdWJtaXR0ZWRfYXRfbXMYBSABKAQSFQoNc3RhcnRlZF9hdF9tcxgGIAEoBBITCgtlbmRlZF9hdF9tcxgHIAEoBBIPCgdhdHRlbXB0GAggASgNEhMKC3BhcmFsbGVsaXNtGAkgASgNEhwKB2ZhaWx1cmUYCiABKAsyC0ZhaWx1cmVWaWV3Eh8KCW9wZXJhdG9ycxgLIAMoCzIMT3BlcmF0b3JWaWV3EhsKB2hpc3RvcnkYDCADKAsyClRyYW5zaXRpb24SHQoIc2VydmljZXMYDSADKAsyC1NlcnZpY2VWaWV3EiIKCmRpc3BhdGNoZXIYDiABKAsyDkRpc3BhdGNoZXJWaWV3EhYKBmxhYmVscxgPIAMoCzIGTGFiZWxzEhoKEnJlc291cmNlc19yZWxlYXNlZBgQIAEoCBIQCgh3YXJuaW5ncxgRIAMoCRIRCglwbGFuX2pzb24YEiABKAkSEAoIcmV2aXNpb24YEyABKAQSIwoLY2hlY2twb2ludHMYFCADKAsyDkNoZWNrcG9pbnRWaWV3Eh0KCHJlc3RhcnRzGBUgAygLMgtSZXN0YXJ0VmlldxIVCg1yZXN0YXJ0X2NvdW50GBYgASgNEhEKCWd1YXJhbnRlZRgXIAEoCRIYChBndWFyYW50ZWVfcmVhc29uGBggASgJEhMKC3N0YXRlX2J5dGVzGBkgASgEEisKE2NoZWNrcG9pbnRfc2V0dGluZ3MYGiABKAsyDkpvYkNoZWNrcG9pbnRzEiAKB3Jlc3RhcnQYGyABKAsyD1Jlc3RhcnRTdHJhdGVneRIlCg1yZXN0b3JlZF9mcm9tGBwgASgLMg5DaGVja3BvaW50VmlldxIVCg1zYXZlcG9pbnRfZGlyGB0gASgJEhcKD2hpc3RvcnlfZHJvcHBlZBgeIAEoDRIRCgl3YWl0c19mb3IYHyABKAkaKAoGTGFiZWxzEgsKA2tleRgBIAEoCRINCgV2YWx1ZRgCIAEoCToCOAEimwIKDkNoZWNrcG9pbnRWaWV3EgoKAmlkGAEgASgEEgwKBGtpbmQYAiABKAkSDQoFc3RhdGUYAyABKAkSFwoPdHJpZ2dlcmVkX2F0X21zGAQgASgEEhMKC2R1cmF0aW9uX21zGAUgASgEEg0KBWJ5dGVzGAYgASgEEhEKCW5ld19ieXRlcxgHIAEoBBIPCgdhdHRlbXB0GAggASgNEhQKDGFsaWdubWVudF9tcxgJIAEoBBIOCgZyZWFzb24YCiABKAkSDAoEcGF0aBgLIAEoCRIUCgxzYXZlcG9pbnRfaWQYDCABKAkSHAoHc2xvd2VzdBgNIAEoCzILU2xvd2VzdFRhc2sSFwoPb3ZlcnRha2VuX2J5dGVzGA4gASgEIngKC1Nsb3dlc3RUYXNrEhAKCG9wZXJhdG9yGAEgASgJEg0KBWluZGV4GAIgASgNEgwKBGhvc3QYAyABKAkSEgoKYmFycmllcl9tcxgEIAEoBBIUCgxhbGlnbm1lbnRfbXMYBSABKAQSEAoId3JpdGVfbXMYBiABKAQi7AEKC1Jlc3RhcnRWaWV3Eg8KB2F0dGVtcHQYASABKA0SDQoFYXRfbXMYAiABKAQSDQoFY2F1c2UYAyABKAkSDAoEY29kZRgEIAEoCRIQCghvcGVyYXRvchgFIAEoCRINCgVpbmRleBgGIAEoDRIVCg1yZWNvcmRfbnVtYmVyGAcgASgEEhUKDWNoZWNrcG9pbnRfaWQYCCABKAQSEAoIZGVsYXlfbXMYCSABKAQSFAoMcmVjb3ZlcmVkX21zGAogASgEEgwKBGhvc3QYCyABKAkSDQoFc3RhY2sYDCABKAkSDAoEaGludBgNIAEoCSJqCg5EaXNwYXRjaGVyVmlldxINCgV0YXNrcxgBIAEoDRIVCg1ydW5uaW5nX3Rhc2tzGAIgASgNEhAKCHNlcnZpY2VzGAMgASgNEg8KB3dvcmtlcnMYBCABKA0SDwoHcnVubmluZxgFIAEoCCJECgpUcmFuc2l0aW9uEhcKBXBoYXNlGAEgASgOMghKb2JQaGFzZRINCgVhdF9tcxgCIAEoBBIOCgZyZWFzb24YAyABKAkirQEKC0ZhaWx1cmVWaWV3EgwKBGNvZGUYASABKAkSDQoFZmF1bHQYAiABKAkSDwoHbWVzc2FnZRgDIAEoCRIQCghvcGVyYXRvchgEIAEoCRINCgVpbmRleBgFIAEoDRIVCg1yZWNvcmRfbnVtYmVyGAYgASgEEg0KBXN0YWNrGAcgASgJEgwKBGhpbnQYCCABKAkSDAoEaG9zdBgJIAEoCRINCgVhdF9tcxgKIAEoBCJrCgxPcGVyYXRvclZpZXcSDwoHbm9kZV9pZBgBIAEoCRIMCgRuYW1lGAIgASgJEgwKBGtpbmQYAyABKAkSDQoFY2hhaW4YBCABKAkSHwoJaW5zdGFuY2VzGAUgAygLMgxJbnN0YW5jZVZpZXcitQYKDEluc3RhbmNlVmlldxINCgVpbmRleBgBIAEoDRINCgVzdGF0ZRgCIAEoCRIMCgRob3N0GAMgASgJEgsKA3BpZBgEIAEoDRISCgpyZWNvcmRzX2luGAUgASgEEhMKC3JlY29yZHNfb3V0GAYgASgEEg8KB3NraXBwZWQYByABKAQSFQoNZGVhZF9sZXR0ZXJlZBgIIAEoBBIPCgdyZXRyaWVkGAkgASgEEhAKCGJ5dGVzX2luGAogASgEEhEKCWJ5dGVzX291dBgLIAEoBBIQCghwcm9ncmVzcxgMIAEoARIRCgl3b3JrZXJfaWQYDSABKAkSDwoHYnVzeV9tcxgOIAEoARIZChFiYWNrX3ByZXNzdXJlZF9tcxgPIAEoARIPCgdpZGxlX21zGBAgASgBEg8KB3R1cm5fbXMYESABKAESGgoSYnVzeV9tc19wZXJfc2Vjb25kGBIgASgBEiQKHGJhY2tfcHJlc3N1cmVkX21zX3Blcl9zZWNvbmQYEyABKAESGgoSaWRsZV9tc19wZXJfc2Vjb25kGBQgASgBEhoKEnR1cm5fbXNfcGVyX3NlY29uZBgVIAEoARIWCg5xdWV1ZWRfYmF0Y2hlcxgWIAEoBBIUCgxxdWV1ZWRfYnl0ZXMYFyABKAQSFQoNaGFzX3dhdGVybWFyaxgYIAEoCBIUCgx3YXRlcm1hcmtfbXMYGSABKAESGAoQd2F0ZXJtYXJrX2xhZ19tcxgaIAEoARITCgtzdGF0ZV9ieXRlcxgbIAEoBBISCgpzdGF0ZV9rZXlzGBwgASgEEhAKCHJlc3RhcnRzGB0gASgNEhgKBWJsb2NrGB4gASgLMglCbG9ja1ZpZXcSDgoGYmxvY2tzGB8gASgNEhYKDmxhdGVuY3lfcDUwX21zGCAgASgBEhYKDmxhdGVuY3lfcDk5X21zGCEgASgBEhYKDmxhdGVuY3lfbWF4X21zGCIgASgBEhcKD2xhdGVuY3lfc2FtcGxlcxgjIAEoDRIdChVyZWNvcmRzX2luX3Blcl9zZWNvbmQYJCABKAESHgoWcmVjb3Jkc19vdXRfcGVyX3NlY29uZBglIAEoASJPCglCbG9ja1ZpZXcSDQoFYXRfbXMYASABKAQSEwoLZHVyYXRpb25fbXMYAiABKAQSDwoHaXNfb3ZlchgDIAEoCBINCgVzdGFjaxgEIAEoCSJLCg5Qcm9maWxlUmVxdWVzdBIOCgZqb2JfaWQYASABKAkSFAoMd29ya2VyX2luZGV4GAIgASgNEhMKC2R1cmF0aW9uX21zGAMgASgNIqcBCgtQcm9maWxlVmlldxIUCgx3b3JrZXJfaW5kZXgYASABKA0SDAoEaG9zdBgCIAEoCRITCgtkdXJhdGlvbl9tcxgDIAEoBBIXCg9jcHVwcm9maWxlX2d6aXAYBCABKAwSIgoJZnVuY3Rpb25zGAUgAygLMg9Qcm9maWxlRnVuY3Rpb24SIgoJb3BlcmF0b3JzGAYgAygLMg9Qcm9maWxlT3BlcmF0b3IiRAoPUHJvZmlsZU9wZXJhdG9yEgwKBG5hbWUYASABKAkSEAoIdG90YWxfbXMYAiABKAESEQoJd2FpdGVkX21zGAMgASgBImMKD1Byb2ZpbGVGdW5jdGlvbhIMCgRuYW1lGAEgASgJEg0KBXBsYWNlGAIgASgJEg8KB3NlbGZfbXMYAyABKAESEAoIdG90YWxfbXMYBCABKAESEAoIaXNfdXNlcnMYBSABKAgi4gEKC1NlcnZpY2VWaWV3EgwKBG5hbWUYASABKAkSDQoFaW5kZXgYAiABKA0SDQoFc3RhdGUYAyABKAkSDQoFY2FsbHMYBCABKAQSEAoIZmFpbHVyZXMYBSABKAQSEAoIcmVzdGFydHMYBiABKA0SDgoGcXVldWVkGAcgASgNEgwKBGhvc3QYCCABKAkSCwoDcGlkGAkgASgNEg4KBnJlbW90ZRgKIAEoCBINCgVyb3V0ZRgLIAEoCRIQCghhbnN3ZXJlZBgPIAEoBBIYChBsYXRlbmN5X3RvdGFsX21zGBAgASgBIhgKCFJheUZyYW1lEgwKBGpzb24YASABKAki7AQKDVdvcmtlck1lc3NhZ2USFgoFaGVsbG8YASABKAsyBUhlbGxvSAASHAoIZGVwbG95ZWQYAiABKAsyCERlcGxveWVkSAASHgoJaGVhcnRiZWF0GAMgASgLMglIZWFydGJlYXRIABIYCgZsb2dnZWQYBCABKAsyBkxvZ2dlZEgAEhgKBnJlc3VsdBgFIAEoCzIGUmVzdWx0SAASIQoLZGVhZF9sZXR0ZXIYBiABKAsyCkRlYWRMZXR0ZXJIABIcCghmaW5pc2hlZBgHIAEoCzIIRmluaXNoZWRIABIYCgZmYWlsZWQYCCABKAsyBkZhaWxlZEgAEh4KCWNhbmNlbGxlZBgJIAEoCzIJQ2FuY2VsbGVkSAASIQoLbG9vcF9yZXBvcnQYCiABKAsyCkxvb3BSZXBvcnRIABIjCgxzbmFwc2hvdF9hY2sYCyABKAsyC1NuYXBzaG90QWNrSAASLQoRc25hcHNob3RfZGVjbGluZWQYDCABKAsyEFNuYXBzaG90RGVjbGluZWRIABIeCgljb21taXR0ZWQYDSABKAsyCUNvbW1pdHRlZEgAEi0KEWF3YWl0c19jaGVja3BvaW50GA4gASgLMhBBd2FpdHNDaGVja3BvaW50SAASGgoHcmVsYXllZBgoIAEoCzIHUmVsYXllZEgAEhwKCHByb2ZpbGVkGB4gASgLMghQcm9maWxlZEgAEisKEGFsaWdubWVudF9yZXBvcnQYHyABKAsyD0FsaWdubWVudFJlcG9ydEgAEiEKC3BlZXJfc2lsZW50GDIgASgLMgpQZWVyU2lsZW50SABCBgoEYm9keSI1CgpQZWVyU2lsZW50EhQKDHdvcmtlcl9pbmRleBgBIAEoDRIRCglzaWxlbnRfbXMYAiABKA0i/gQKDURhZW1vbk1lc3NhZ2USGgoHd2VsY29tZRgBIAEoCzIHV2VsY29tZUgAEhgKBmRlcGxveRgCIAEoCzIGRGVwbG95SAASFgoFc3RhcnQYAyABKAsyBVN0YXJ0SAASGAoGY2FuY2VsGAQgASgLMgZDYW5jZWxIABIlCg1yZXN1bHRfY3JlZGl0GAUgASgLMgxSZXN1bHRDcmVkaXRIABIfCgpsb29wX3F1ZXJ5GAYgASgLMglMb29wUXVlcnlIABIbCghsb29wX2VuZBgHIAEoCzIHTG9vcEVuZEgAEhoKB3JlZnVzZWQYCCABKAsyB1JlZnVzZWRIABIWCgVjbG9zZRgJIAEoCzIFQ2xvc2VIABIvChJ0cmlnZ2VyX2NoZWNrcG9pbnQYCiABKAsyEVRyaWdnZXJDaGVja3BvaW50SAASMwoUY2hlY2twb2ludF9jb21taXR0ZWQYCyABKAsyE0NoZWNrcG9pbnRDb21taXR0ZWRIABIvChJjaGVja3BvaW50X2Fib3J0ZWQYDCABKAsyEUNoZWNrcG9pbnRBYm9ydGVkSAASFgoFZHJhaW4YDSABKAsyBURyYWluSAASGgoKcGVlcl9tb3ZlZBgpIAEoCzIEUGVlckgAEhoKB3JlbGF5ZWQYKCABKAsyB1JlbGF5ZWRIABIaCgdwcm9maWxlGB4gASgLMgdQcm9maWxlSAASKwoQYWxpZ25tZW50X2xpbWl0cxgfIAEoCzIPQWxpZ25tZW50TGltaXRzSAASHgoJY2hhbGxlbmdlGDwgASgLMglDaGFsbGVuZ2VIABIUCgRwYWNlGD0gASgLMgRQYWNlSABCBgoEYm9keSIhCglDaGFsbGVuZ2USFAoMZGFlbW9uX25vbmNlGAEgASgMIsQBCgVIZWxsbxIOCgZqb2JfaWQYASABKAkSDwoHYXR0ZW1wdBgCIAEoDRIUCgx3b3JrZXJfaW5kZXgYAyABKA0SEQoJd29ya2VyX2lkGAQgASgJEgwKBGhvc3QYBSABKAkSCwoDcGlkGAYgASgNEg0KBW5vbmNlGAcgASgMEg0KBXByb29mGAggASgMEhQKDGRhdGFfYWRkcmVzcxgJIAEoCRIPCgd2ZXJzaW9uGAogASgJEhEKCXNuYXBzaG90cxgLIAEoCCJQCgdXZWxjb21lEh0KFWhlYXJ0YmVhdF9pbnRlcnZhbF9tcxgBIAEoDRIXCg9ncmFjZV9wZXJpb2RfbXMYAiABKA0SDQoFcHJvb2YYAyABKAwiJQoEUGFjZRIdChVoZWFydGJlYXRfaW50ZXJ2YWxfbXMYASABKA0iGQoHUmVmdXNlZBIOCgZyZWFzb24YASABKAkiggQKBkRlcGxveRIRCglwbGFuX2pzb24YASABKAkSEwoLYnVuZGxlX3BhdGgYAiABKAkSEwoLYnVuZGxlX2hhc2gYAyABKAkSEwoLcGFyYW1zX2pzb24YBCABKAkSDAoEYXJndhgFIAMoCRIWCg5waXBlbGluZV9pbmRleBgGIAEoDRITCgVwZWVycxgHIAMoCzIEUGVlchIeCgpkYXRhX3BhdGhzGAggAygLMgpEYXRhX3BhdGhzEhAKCGJhc2VfZGlyGAkgASgJEhcKD3NvdXJjZV9tYXBfcGF0aBgKIAEoCRIXCg9zb3VyY2VfbWFwX2hhc2gYCyABKAkSDwoHYXR0ZW1wdBgMIAEoDRInCgtjaGVja3BvaW50cxgNIAEoCzISQ2hlY2twb2ludFNldHRpbmdzEhgKB3Jlc3RvcmUYDiABKAsyB1Jlc3RvcmUSGgoScmVwbGFuX3BhcmFsbGVsaXNtGA8gASgNEiAKC2RhdGFfaGFzaGVzGBAgAygLMgtEYXRhX2hhc2hlcxIYChBzZXJ2aWNlX3Jlc3RhcnRzGCkgASgNGiwKCkRhdGFfcGF0aHMSCwoDa2V5GAEgASgJEg0KBXZhbHVlGAIgASgJOgI4ARotCgtEYXRhX2hhc2hlcxILCgNrZXkYASABKAkSDQoFdmFsdWUYAiABKAk6AjgBIm8KEkNoZWNrcG9pbnRTZXR0aW5ncxITCgtpbnRlcnZhbF9tcxgBIAEoDRIcChRhbGlnbm1lbnRfdGltZW91dF9tcxgCIAEoDRITCgtzdGFnaW5nX2RpchgDIAEoCRIRCglndWFyYW50ZWUYBCABKAkiWQoHUmVzdG9yZRIVCg1jaGVja3BvaW50X2lkGAEgASgEEhoKBXRhc2tzGAIgAygLMgtUYXNrUmVzdG9yZRIbChNhbGxvd19kcm9wcGVkX3N0YXRlGAMgASgIIqUBCgtUYXNrUmVzdG9yZRIPCgdub2RlX2lkGAEgASgJEg0KBWluZGV4GAIgASgNEhwKB2hhbmRsZXMYAyADKAsyC1N0YXRlSGFuZGxlEhYKDmtleV9ncm91cF9mcm9tGAQgASgNEhQKDGtleV9ncm91cF90bxgFIAEoDRIQCghmaW5pc2hlZBgGIAEoCBIYChBmcm9tX3BhcmFsbGVsaXNtGAcgASgNIkgKC1N0YXRlSGFuZGxlEhcKBGZpbGUYASABKAsyCVN0YXRlRmlsZRIMCgRwYXRoGAIgASgJEhIKCmZyb21faW5kZXgYAyABKA0isgEKCVN0YXRlRmlsZRIMCgRuYW1lGAEgASgJEg4KBnNoYTI1NhgCIAEoCRINCgVieXRlcxgDIAEoBBIMCgRraW5kGAQgASgJEhsKBnNwcmVhZBgFIAEoDjILU3RhdGVTcHJlYWQSFgoOa2V5X2dyb3VwX2Zyb20YBiABKA0SFAoMa2V5X2dyb3VwX3RvGAcgASgNEg4KBmlubGluZRgIIAEoDBIPCgdlYXJsaWVyGAkgASgIIjIKBFBlZXISFAoMd29ya2VyX2luZGV4GAEgASgNEhQKDGRhdGFfYWRkcmVzcxgCIAEoCSIyCghEZXBsb3llZBITCgtmaW5nZXJwcmludBgBIAEoCRIRCglwbGFuX2pzb24YAiABKAkiBwoFU3RhcnQiWQoJSGVhcnRiZWF0EhoKBXRhc2tzGAEgAygLMgtUYXNrTWV0cmljcxIdCghzZXJ2aWNlcxgCIAMoCzILU2VydmljZVZpZXcSEQoJcnNzX2J5dGVzGAMgASgEIj4KC1Rhc2tNZXRyaWNzEg8KB25vZGVfaWQYASABKAkSHgoIaW5zdGFuY2UYAiABKAsyDEluc3RhbmNlVmlldyIgCgZMb2dnZWQSFgoFbGluZXMYASADKAsyB0xvZ0xpbmUiQwoGUmVzdWx0Eg8KB25vZGVfaWQYASABKAkSGgoFYmF0Y2gYAiABKAsyC1Jlc3VsdEJhdGNoEgwKBGxhc3QYAyABKAgiPwoMUmVzdWx0Q3JlZGl0Eg8KB25vZGVfaWQYASABKAkSDQoFaW5kZXgYAiABKA0SDwoHYmF0Y2hlcxgDIAEoDSJoCgpEZWFkTGV0dGVyEhAKCG9wZXJhdG9yGAEgASgJEg0KBWluZGV4GAIgASgNEhUKDXJlY29yZF9udW1iZXIYAyABKAQSEwoLcmVjb3JkX2pzb24YBCABKAkSDQoFZXJyb3IYBSABKAkiJgoIRmluaXNoZWQSGgoFdGFza3MYASADKAsyC1Rhc2tNZXRyaWNzIiYKBkZhaWxlZBIcCgdmYWlsdXJlGAEgASgLMgtGYWlsdXJlVmlldyIYCgZDYW5jZWwSDgoGcmVhc29uGAEgASgJIgsKCUNhbmNlbGxlZCIHCgVDbG9zZSIaCglMb29wUXVlcnkSDQoFcm91bmQYASABKAQiNQoKTG9vcFJlcG9ydBINCgVyb3VuZBgBIAEoBBIYCgVsb29wcxgCIAMoCzIJTG9vcENvdW50IkwKCUxvb3BDb3VudBIPCgdsb29wX2lkGAEgASgJEgwKBHNlbnQYAiABKAQSEQoJcHJvY2Vzc2VkGAMgASgEEg0KBXF1aWV0GAQgASgIIhoKB0xvb3BFbmQSDwoHbG9vcF9pZBgBIAEoCSJaChFUcmlnZ2VyQ2hlY2twb2ludBIVCg1jaGVja3BvaW50X2lkGAEgASgEEhEKCXNhdmVwb2ludBgCIAEoCBIMCgRoYWx0GAMgASgIEg0KBWRyYWluGAQgASgIIlYKC1NuYXBzaG90QWNrEhUKDWNoZWNrcG9pbnRfaWQYASABKAQSGwoFdGFza3MYAiADKAsyDFRhc2tTbmFwc2hvdBITCgtkdXJhdGlvbl9tcxgDIAEoBCLXAQoMVGFza1NuYXBzaG90Eg8KB25vZGVfaWQYASABKAkSDQoFaW5kZXgYAiABKA0SGAoFZmlsZXMYAyADKAsyCVN0YXRlRmlsZRITCgtzdGF0ZV9ieXRlcxgEIAEoBBITCgtkdXJhdGlvbl9tcxgFIAEoBBIUCgxhbGlnbm1lbnRfbXMYBiABKAQSFwoPaW5fZmxpZ2h0X2J5dGVzGAcgASgEEhAKCGZpbmlzaGVkGAggASgIEg4KBnNjaGVtYRgJIAEoCRISCgpiYXJyaWVyX21zGAogASgEInYKEFNuYXBzaG90RGVjbGluZWQSFQoNY2hlY2twb2ludF9pZBgBIAEoBBIOCgZyZWFzb24YAiABKAkSEAoIb3BlcmF0b3IYAyABKAkSDQoFaW5kZXgYBCABKA0SDAoEY29kZRgFIAEoCRIMCgRoaW50GAYgASgJIiwKE0NoZWNrcG9pbnRDb21taXR0ZWQSFQoNY2hlY2twb2ludF9pZBgBIAEoBCIiCglDb21taXR0ZWQSFQoNY2hlY2twb2ludF9pZBgBIAEoBCI6ChFDaGVja3BvaW50QWJvcnRlZBIVCg1jaGVja3BvaW50X2lkGAEgASgEEg4KBnJlYXNvbhgCIAEoCSISChBBd2FpdHNDaGVja3BvaW50IgcKBURyYWluIl0KB1JlbGF5ZWQSDAoEcGVlchgBIAEoDRISCgpjb25uZWN0aW9uGAIgASgEEg4KBmZyYW1lcxgDIAEoDBITCgtmcm9tX2NhbGxlchgEIAEoCBILCgNlbmQYBSABKAgieQoKU3RhdGVDaHVuaxIZCgVvd25lchgBIAEoCzIKU3RhdGVPd25lchIVCg1jaGVja3BvaW50X2lkGAIgASgEEgwKBG5hbWUYAyABKAkSDgoGc2hhMjU2GAQgASgJEg0KBWJ5dGVzGAUgASgEEgwKBGRhdGEYBiABKAwiHAoMU3RhdGVSZWNlaXB0EgwKBG5hbWUYASABKAkiOQoMU3RhdGVSZXF1ZXN0EhkKBW93bmVyGAEgASgLMgpTdGF0ZU93bmVyEg4KBnNoYTI1NhgCIAEoCSKEAQoKU3RhdGVPd25lchIOCgZqb2JfaWQYASABKAkSDwoHYXR0ZW1wdBgCIAEoDRIUCgx3b3JrZXJfaW5kZXgYAyABKA0SEQoJd29ya2VyX2lkGAQgASgJEg0KBW5vbmNlGAUgASgMEg0KBXByb29mGAYgASgMEg4KBnNlcmlhbBgHIAEoBCJkCgxQdWxzZVJlcXVlc3QSGQoFb3duZXIYASABKAsyClN0YXRlT3duZXISEAoIb3BlcmF0b3IYAiABKAkSDQoFaW5kZXgYAyABKA0SGAoFYmxvY2sYBCABKAsyCUJsb2NrVmlldyIMCgpQdWxzZVJlcGx5IioKB1Byb2ZpbGUSCgoCaWQYASABKAQSEwoLZHVyYXRpb25fbXMYAiABKA0iQwoIUHJvZmlsZWQSCgoCaWQYASABKAQSHAoHcHJvZmlsZRgCIAEoCzILUHJvZmlsZVZpZXcSDQoFZXJyb3IYAyABKAkiLAoPQWxpZ25tZW50UmVwb3J0EhkKBmdyb3VwcxgBIAMoCzIJR3JvdXBUaW1lIiwKD0FsaWdubWVudExpbWl0cxIZCgZncm91cHMYASADKAsyCUdyb3VwVGltZSIrCglHcm91cFRpbWUSDQoFZ3JvdXAYASABKAkSDwoHdGltZV9tcxgCIAEoASqXAQoISm9iUGhhc2USGQoVSk9CX1BIQVNFX1VOU1BFQ0lGSUVEEAASEAoMSU5JVElBTElaSU5HEAESCwoHUlVOTklORxACEgwKCFNUT1BQSU5HEAMSCwoHU1RPUFBFRBAEEg4KClJFQ09WRVJJTkcQBRINCglDT01QTEVURUQQBhIKCgZGQUlMRUQQBxILCgdERUxFVEVEEAgqdQoLU3RhdGVTcHJlYWQSGQoVU1RBVEVfU1BSRUFEX0lOU1RBTkNFEAASGwoXU1RBVEVfU1BSRUFEX0tFWV9HUk9VUFMQARIWChJTVEFURV9TUFJFQURfVU5JT04QAhIWChJTVEFURV9TUFJFQURfRklYRUQQAzKIBwoESm9icxIyCgZTdWJtaXQSFi5zYWdlLnYxLlN1Ym1pdFJlcXVlc3QaEC5zYWdlLnYxLkpvYlZpZXcSRAoQTWlzc2luZ0FydGlmYWN0cxIXLnNhZ2UudjEuQXJ0aWZhY3RIYXNoZXMaFy5zYWdlLnYxLkFydGlmYWN0SGFzaGVzEkQKDlVwbG9hZEFydGlmYWN0EhYuc2FnZS52MS5BcnRpZmFjdENodW5rGhguc2FnZS52MS5BcnRpZmFjdFJlY2VpcHQoARIoCgNHZXQSDy5zYWdlLnYxLkpvYlJlZhoQLnNhZ2UudjEuSm9iVmlldxIuCgRMaXN0EhQuc2FnZS52MS5MaXN0UmVxdWVzdBoQLnNhZ2UudjEuSm9iTGlzdBIyCgVXYXRjaBIVLnNhZ2UudjEuV2F0Y2hSZXF1ZXN0GhAuc2FnZS52MS5Kb2JWaWV3MAESMAoETG9ncxIULnNhZ2UudjEuTG9nc1JlcXVlc3QaEC5zYWdlLnYxLkxvZ0xpbmUwARI6CgdSZXN1bHRzEhcuc2FnZS52MS5SZXN1bHRzUmVxdWVzdBoULnNhZ2UudjEuUmVzdWx0QmF0Y2gwARIuCgRTdG9wEhQuc2FnZS52MS5TdG9wUmVxdWVzdBoQLnNhZ2UudjEuSm9iVmlldxI2CghDb250aW51ZRIYLnNhZ2UudjEuQ29udGludWVSZXF1ZXN0GhAuc2FnZS52MS5Kb2JWaWV3Ej8KCVNhdmVwb2ludBIZLnNhZ2UudjEuU2F2ZXBvaW50UmVxdWVzdBoXLnNhZ2UudjEuQ2hlY2twb2ludFZpZXcSNAoHUmVzY2FsZRIXLnNhZ2UudjEuUmVzY2FsZVJlcXVlc3QaEC5zYWdlLnYxLkpvYlZpZXcSMgoGRGVsZXRlEhYuc2FnZS52MS5EZWxldGVSZXF1ZXN0GhAuc2FnZS52MS5Kb2JWaWV3EjQKB0NsZWFudXASFy5zYWdlLnYxLkNsZWFudXBSZXF1ZXN0GhAuc2FnZS52MS5Kb2JMaXN0EkEKClNlcnZlckluZm8SGi5zYWdlLnYxLlNlcnZlckluZm9SZXF1ZXN0Ghcuc2FnZS52MS5TZXJ2ZXJJbmZvVmlldxI4CgdQcm9maWxlEhcuc2FnZS52MS5Qcm9maWxlUmVxdWVzdBoULnNhZ2UudjEuUHJvZmlsZVZpZXcy8AIKB1dvcmtlcnMSPAoGQXR0YWNoEhYuc2FnZS52MS5Xb3JrZXJNZXNzYWdlGhYuc2FnZS52MS5EYWVtb25NZXNzYWdlKAEwARI7CgtTdGF0ZVVwbG9hZBITLnNhZ2UudjEuU3RhdGVDaHVuaxoVLnNhZ2UudjEuU3RhdGVSZWNlaXB0KAESPQoNU3RhdGVEb3dubG9hZBIVLnNhZ2UudjEuU3RhdGVSZXF1ZXN0GhMuc2FnZS52MS5TdGF0ZUNodW5rMAESQAoQQXJ0aWZhY3REb3dubG9hZBIVLnNhZ2UudjEuU3RhdGVSZXF1ZXN0GhMuc2FnZS52MS5TdGF0ZUNodW5rMAESMwoFUHVsc2USFS5zYWdlLnYxLlB1bHNlUmVxdWVzdBoTLnNhZ2UudjEuUHVsc2VSZXBseRI0CghEcml2ZVJheRIRLnNhZ2UudjEuUmF5RnJhbWUaES5zYWdlLnYxLlJheUZyYW1lKAEwAWIGcHJvdG8z"
  },
  {
    "name": "grpc_health_v1.proto",
    "symbols": [
      "grpc.health.v1.HealthCheckRequest",
      "grpc.health.v1.HealthCheckResponse",
      "grpc.health.v1.HealthCheckResponse.ServingStatus",
      "grpc.health.v1.Health",
      "grpc.health.v1.Health.Check",
      "grpc.health.v1.Health.Watch"
    ],
    "base64": "ChRncnBjX2hlYWx0aF92MS5wcm90bxIOZ3JwYy5oZWFsdGgudjEiJQoSSGVhbHRoQ2hlY2tSZXF1ZXN0Eg8KB3NlcnZpY2UYASABKAkihQEKE0hlYWx0aENoZWNrUmVzcG9uc2USHQoGc3RhdHVzGAEgASgOMg1TZXJ2aW5nU3RhdHVzIk8KDVNlcnZpbmdTdGF0dXMSCwoHVU5LTk9XThAAEgsKB1NFUlZJTkcQARIPCgtOT1RfU0VSVklORxACEhMKD1NFUlZJQ0VfVU5LTk9XThADMq4BCgZIZWFsdGgSUAoFQ2hlY2sSIi5ncnBjLmhlYWx0aC52MS5IZWFsdGhDaGVja1JlcXVlc3QaIy5ncnBjLmhlYWx0aC52MS5IZWFsdGhDaGVja1Jlc3BvbnNlElIKBVdhdGNoEiIuZ3JwYy5oZWFsdGgudjEuSGVhbHRoQ2hlY2tSZXF1ZXN0GiMuZ3JwYy5oZWFsdGgudjEuSGVhbHRoQ2hlY2tSZXNwb25zZTABYgZwcm90bzM="
  },
  {
    "name": "grpc_reflection_v1.proto",
    "symbols": [
      "grpc.reflection.v1.ServerReflectionRequest",
      "grpc.reflection.v1.ExtensionRequest",
      "grpc.reflection.v1.ServerReflectionResponse",
      "grpc.reflection.v1.FileDescriptorResponse",
      "grpc.reflection.v1.ExtensionNumberResponse",
      "grpc.reflection.v1.ListServiceResponse",
      "grpc.reflection.v1.ServiceResponse",
      "grpc.reflection.v1.ErrorResponse",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1.ServerReflection.ServerReflectionInfo"
    ],
    "base64": "ChhncnBjX3JlZmxlY3Rpb25fdjEucHJvdG8SEmdycGMucmVmbGVjdGlvbi52MSLxAQoXU2VydmVyUmVmbGVjdGlvblJlcXVlc3QSDAoEaG9zdBgBIAEoCRIaChBmaWxlX2J5X2ZpbGVuYW1lGAMgASgJSAASIAoWZmlsZV9jb250YWluaW5nX3N5bWJvbBgEIAEoCUgAEjUKGWZpbGVfY29udGFpbmluZ19leHRlbnNpb24YBSABKAsyEEV4dGVuc2lvblJlcXVlc3RIABInCh1hbGxfZXh0ZW5zaW9uX251bWJlcnNfb2ZfdHlwZRgGIAEoCUgAEhcKDWxpc3Rfc2VydmljZXMYByABKAlIAEIRCg9tZXNzYWdlX3JlcXVlc3QiRQoQRXh0ZW5zaW9uUmVxdWVzdBIXCg9jb250YWluaW5nX3R5cGUYASABKAkSGAoQZXh0ZW5zaW9uX251bWJlchgCIAEoBSLUAgoYU2VydmVyUmVmbGVjdGlvblJlc3BvbnNlEhIKCnZhbGlkX2hvc3QYASABKAkSMQoQb3JpZ2luYWxfcmVxdWVzdBgCIAEoCzIXU2VydmVyUmVmbGVjdGlvblJlcXVlc3QSOgoYZmlsZV9kZXNjcmlwdG9yX3Jlc3BvbnNlGAQgASgLMhZGaWxlRGVzY3JpcHRvclJlc3BvbnNlSAASQQoeYWxsX2V4dGVuc2lvbl9udW1iZXJzX3Jlc3BvbnNlGAUgASgLMhdFeHRlbnNpb25OdW1iZXJSZXNwb25zZUgAEjUKFmxpc3Rfc2VydmljZXNfcmVzcG9uc2UYBiABKAsyE0xpc3RTZXJ2aWNlUmVzcG9uc2VIABInCg5lcnJvcl9yZXNwb25zZRgHIAEoCzINRXJyb3JSZXNwb25zZUgAQhIKEG1lc3NhZ2VfcmVzcG9uc2UiNwoWRmlsZURlc2NyaXB0b3JSZXNwb25zZRIdChVmaWxlX2Rlc2NyaXB0b3JfcHJvdG8YASADKAwiSwoXRXh0ZW5zaW9uTnVtYmVyUmVzcG9uc2USFgoOYmFzZV90eXBlX25hbWUYASABKAkSGAoQZXh0ZW5zaW9uX251bWJlchgCIAMoBSI3ChNMaXN0U2VydmljZVJlc3BvbnNlEiAKB3NlcnZpY2UYASADKAsyD1NlcnZpY2VSZXNwb25zZSIfCg9TZXJ2aWNlUmVzcG9uc2USDAoEbmFtZRgBIAEoCSI6Cg1FcnJvclJlc3BvbnNlEhIKCmVycm9yX2NvZGUYASABKAUSFQoNZXJyb3JfbWVzc2FnZRgCIAEoCTKJAQoQU2VydmVyUmVmbGVjdGlvbhJ1ChRTZXJ2ZXJSZWZsZWN0aW9uSW5mbxIrLmdycGMucmVmbGVjdGlvbi52MS5TZXJ2ZXJSZWZsZWN0aW9uUmVxdWVzdBosLmdycGMucmVmbGVjdGlvbi52MS5TZXJ2ZXJSZWZsZWN0aW9uUmVzcG9uc2UoATABYgZwcm90bzM="
  }
];
