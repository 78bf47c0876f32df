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
        }
       }
      },
      "StopRequest": {
       "fields": {
        "jobId": {
         "type": "string",
         "id": 1
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
       "fields": {}
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
          "loopReport"
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
          "close"
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
      "sage.v1.DeleteRequest",
      "sage.v1.CleanupRequest",
      "sage.v1.ServerInfoRequest",
      "sage.v1.ServerInfoView",
      "sage.v1.ServerInfoView.Jobs_by_phase",
      "sage.v1.JobView",
      "sage.v1.JobView.Labels",
      "sage.v1.DispatcherView",
      "sage.v1.Transition",
      "sage.v1.FailureView",
      "sage.v1.OperatorView",
      "sage.v1.InstanceView",
      "sage.v1.ServiceView",
      "sage.v1.WorkerMessage",
      "sage.v1.DaemonMessage",
      "sage.v1.Hello",
      "sage.v1.Welcome",
      "sage.v1.Refused",
      "sage.v1.Deploy",
      "sage.v1.Deploy.Data_paths",
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
      "sage.v1.JobPhase",
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
      "sage.v1.Jobs.Delete",
      "sage.v1.Jobs.Cleanup",
      "sage.v1.Jobs.ServerInfo",
      "sage.v1.Workers",
      "sage.v1.Workers.Attach"
    ],
    "base64": "Cg1zYWdlX3YxLnByb3RvEgdzYWdlLnYxItICCg1TdWJtaXRSZXF1ZXN0Eg4KBmpvYl9pZBgBIAEoCRIMCgRuYW1lGAIgASgJEhEKCXBsYW5fanNvbhgDIAEoCRITCgtidW5kbGVfaGFzaBgEIAEoCRIXCg9zb3VyY2VfbWFwX2hhc2gYBSABKAkSEwoLcGFyYW1zX2pzb24YBiABKAkSDAoEYXJndhgHIAMoCRIQCgNlbnYYCCADKAsyA0VudhIaCgRkYXRhGAkgAygLMgxEYXRhQXJ0aWZhY3QSFgoOcGlwZWxpbmVfaW5kZXgYCiABKA0SFgoGbGFiZWxzGAsgAygLMgZMYWJlbHMSEAoIYmFzZV9kaXIYDCABKAkaJQoDRW52EgsKA2tleRgBIAEoCRINCgV2YWx1ZRgCIAEoCToCOAEaKAoGTGFiZWxzEgsKA2tleRgBIAEoCRINCgV2YWx1ZRgCIAEoCToCOAEiLQoMRGF0YUFydGlmYWN0Eg8KB25vZGVfaWQYASABKAkSDAoEaGFzaBgCIAEoCSIgCg5BcnRpZmFjdEhhc2hlcxIOCgZoYXNoZXMYASADKAkiOQoNQXJ0aWZhY3RDaHVuaxIMCgRoYXNoGAEgASgJEgwKBHNpemUYAiABKAQSDAoEZGF0YRgDIAEoDCI2Cg9BcnRpZmFjdFJlY2VpcHQSDAoEaGFzaBgBIAEoCRIVCg1hbHJlYWR5X2tub3duGAIgASgIIhgKBkpvYlJlZhIOCgZqb2JfaWQYASABKAkiPQoLTGlzdFJlcXVlc3QSGAoGcGhhc2VzGAEgAygOMghKb2JQaGFzZRIUCgx3aXRoX2RlbGV0ZWQYAiABKAgiIAoHSm9iTGlzdBIVCgRqb2JzGAEgAygLMgdKb2JWaWV3IjcKDFdhdGNoUmVxdWVzdBIOCgZqb2JfaWQYASABKAkSFwoPbWluX2ludGVydmFsX21zGAIgASgNIm8KC0xvZ3NSZXF1ZXN0Eg4KBmpvYl9pZBgBIAEoCRIOCgZmb2xsb3cYAiABKAgSEQoJYWZ0ZXJfc2VxGAMgASgEEgwKBHRhaWwYBCABKA0SEAoIb3BlcmF0b3IYBSABKAkSDQoFbGV2ZWwYBiABKAkigwEKB0xvZ0xpbmUSCwoDc2VxGAEgASgEEg8KB3RpbWVfbXMYAiABKAQSDQoFbGV2ZWwYAyABKAkSEAoIb3BlcmF0b3IYBCABKAkSDQoFaW5kZXgYBSABKA0SDAoEaG9zdBgGIAEoCRIOCgZzdHJlYW0YByABKAkSDAoEdGV4dBgIIAEoCSIxCg5SZXN1bHRzUmVxdWVzdBIOCgZqb2JfaWQYASABKAkSDwoHbm9kZV9pZBgCIAEoCSI6CgtSZXN1bHRCYXRjaBINCgVpbmRleBgBIAEoDRILCgNzZXEYAiABKAQSDwoHcmVjb3JkcxgDIAEoDCIdCgtTdG9wUmVxdWVzdBIOCgZqb2JfaWQYASABKAkiLgoNRGVsZXRlUmVxdWVzdBIOCgZqb2JfaWQYASABKAkSDQoFZm9yY2UYAiABKAgiNgoOQ2xlYW51cFJlcXVlc3QSDQoFZm9yY2UYASABKAgSFQoNb2xkZXJfdGhhbl9tcxgCIAEoBCITChFTZXJ2ZXJJbmZvUmVxdWVzdCLfAQoOU2VydmVySW5mb1ZpZXcSDwoHdmVyc2lvbhgBIAEoCRISCgpzZXNzaW9uX2lkGAIgASgJEhUKDXN0YXJ0ZWRfYXRfbXMYAyABKAQSDwoHbG9nX2RpchgEIAEoCRIOCgZkcml2ZXIYBSABKAkSCwoDcGlkGAYgASgNEiQKDWpvYnNfYnlfcGhhc2UYByADKAsyDUpvYnNfYnlfcGhhc2USDAoEaG9tZRgIIAEoCRovCg1Kb2JzX2J5X3BoYXNlEgsKA2tleRgBIAEoCRINCgV2YWx1ZRgCIAEoDToCOAEi7wMKB0pvYlZpZXcSDgoGam9iX2lkGAEgASgJEg4KBm51bWJlchgCIAEoDRIMCgRuYW1lGAMgASgJEhcKBXBoYXNlGAQgASgOMghKb2JQaGFzZRIXCg9zdWJtaXR0ZWRfYXRfbXMYBSABKAQSFQoNc3RhcnRlZF9hdF9tcxgGIAEoBBITCgtlbmRlZF9hdF9tcxgHIAEoBBIPCgdhdHRlbXB0GAggASgNEhMKC3BhcmFsbGVsaXNtGAkgASgNEhwKB2ZhaWx1cmUYCiABKAsyC0ZhaWx1cmVWaWV3Eh8KCW9wZXJhdG9ycxgLIAMoCzIMT3BlcmF0b3JWaWV3EhsKB2hpc3RvcnkYDCADKAsyClRyYW5zaXRpb24SHQoIc2VydmljZXMYDSADKAsyC1NlcnZpY2VWaWV3EiIKCmRpc3BhdGNoZXIYDiABKAsyDkRpc3BhdGNoZXJWaWV3EhYKBmxhYmVscxgPIAMoCzIGTGFiZWxzEhoKEnJlc291cmNlc19yZWxlYXNlZBgQIAEoCBIQCgh3YXJuaW5ncxgRIAMoCRIRCglwbGFuX2pzb24YEiABKAkSEAoIcmV2aXNpb24YEyABKAQaKAoGTGFiZWxzEgsKA2tleRgBIAEoCRINCgV2YWx1ZRgCIAEoCToCOAEiagoORGlzcGF0Y2hlclZpZXcSDQoFdGFza3MYASABKA0SFQoNcnVubmluZ190YXNrcxgCIAEoDRIQCghzZXJ2aWNlcxgDIAEoDRIPCgd3b3JrZXJzGAQgASgNEg8KB3J1bm5pbmcYBSABKAgiRAoKVHJhbnNpdGlvbhIXCgVwaGFzZRgBIAEoDjIISm9iUGhhc2USDQoFYXRfbXMYAiABKAQSDgoGcmVhc29uGAMgASgJIq0BCgtGYWlsdXJlVmlldxIMCgRjb2RlGAEgASgJEg0KBWZhdWx0GAIgASgJEg8KB21lc3NhZ2UYAyABKAkSEAoIb3BlcmF0b3IYBCABKAkSDQoFaW5kZXgYBSABKA0SFQoNcmVjb3JkX251bWJlchgGIAEoBBINCgVzdGFjaxgHIAEoCRIMCgRoaW50GAggASgJEgwKBGhvc3QYCSABKAkSDQoFYXRfbXMYCiABKAQiawoMT3BlcmF0b3JWaWV3Eg8KB25vZGVfaWQYASABKAkSDAoEbmFtZRgCIAEoCRIMCgRraW5kGAMgASgJEg0KBWNoYWluGAQgASgJEh8KCWluc3RhbmNlcxgFIAMoCzIMSW5zdGFuY2VWaWV3IvMBCgxJbnN0YW5jZVZpZXcSDQoFaW5kZXgYASABKA0SDQoFc3RhdGUYAiABKAkSDAoEaG9zdBgDIAEoCRILCgNwaWQYBCABKA0SEgoKcmVjb3Jkc19pbhgFIAEoBBITCgtyZWNvcmRzX291dBgGIAEoBBIPCgdza2lwcGVkGAcgASgEEhUKDWRlYWRfbGV0dGVyZWQYCCABKAQSDwoHcmV0cmllZBgJIAEoBBIQCghieXRlc19pbhgKIAEoBBIRCglieXRlc19vdXQYCyABKAQSEAoIcHJvZ3Jlc3MYDCABKAESEQoJd29ya2VyX2lkGA0gASgJInwKC1NlcnZpY2VWaWV3EgwKBG5hbWUYASABKAkSDQoFaW5kZXgYAiABKA0SDQoFc3RhdGUYAyABKAkSDQoFY2FsbHMYBCABKAQSEAoIZmFpbHVyZXMYBSABKAQSEAoIcmVzdGFydHMYBiABKA0SDgoGcXVldWVkGAcgASgNIr8CCg1Xb3JrZXJNZXNzYWdlEhYKBWhlbGxvGAEgASgLMgVIZWxsb0gAEhwKCGRlcGxveWVkGAIgASgLMghEZXBsb3llZEgAEh4KCWhlYXJ0YmVhdBgDIAEoCzIJSGVhcnRiZWF0SAASGAoGbG9nZ2VkGAQgASgLMgZMb2dnZWRIABIYCgZyZXN1bHQYBSABKAsyBlJlc3VsdEgAEiEKC2RlYWRfbGV0dGVyGAYgASgLMgpEZWFkTGV0dGVySAASHAoIZmluaXNoZWQYByABKAsyCEZpbmlzaGVkSAASGAoGZmFpbGVkGAggASgLMgZGYWlsZWRIABIeCgljYW5jZWxsZWQYCSABKAsyCUNhbmNlbGxlZEgAEiEKC2xvb3BfcmVwb3J0GAogASgLMgpMb29wUmVwb3J0SABCBgoEYm9keSKYAgoNRGFlbW9uTWVzc2FnZRIaCgd3ZWxjb21lGAEgASgLMgdXZWxjb21lSAASGAoGZGVwbG95GAIgASgLMgZEZXBsb3lIABIWCgVzdGFydBgDIAEoCzIFU3RhcnRIABIYCgZjYW5jZWwYBCABKAsyBkNhbmNlbEgAEiUKDXJlc3VsdF9jcmVkaXQYBSABKAsyDFJlc3VsdENyZWRpdEgAEh8KCmxvb3BfcXVlcnkYBiABKAsyCUxvb3BRdWVyeUgAEhsKCGxvb3BfZW5kGAcgASgLMgdMb29wRW5kSAASGgoHcmVmdXNlZBgIIAEoCzIHUmVmdXNlZEgAEhYKBWNsb3NlGAkgASgLMgVDbG9zZUgAQgYKBGJvZHkisQEKBUhlbGxvEg4KBmpvYl9pZBgBIAEoCRIPCgdhdHRlbXB0GAIgASgNEhQKDHdvcmtlcl9pbmRleBgDIAEoDRIRCgl3b3JrZXJfaWQYBCABKAkSDAoEaG9zdBgFIAEoCRILCgNwaWQYBiABKA0SDQoFbm9uY2UYByABKAwSDQoFcHJvb2YYCCABKAwSFAoMZGF0YV9hZGRyZXNzGAkgASgJEg8KB3ZlcnNpb24YCiABKAkiUAoHV2VsY29tZRIdChVoZWFydGJlYXRfaW50ZXJ2YWxfbXMYASABKA0SFwoPZ3JhY2VfcGVyaW9kX21zGAIgASgNEg0KBXByb29mGAMgASgMIhkKB1JlZnVzZWQSDgoGcmVhc29uGAEgASgJIqcCCgZEZXBsb3kSEQoJcGxhbl9qc29uGAEgASgJEhMKC2J1bmRsZV9wYXRoGAIgASgJEhMKC2J1bmRsZV9oYXNoGAMgASgJEhMKC3BhcmFtc19qc29uGAQgASgJEgwKBGFyZ3YYBSADKAkSFgoOcGlwZWxpbmVfaW5kZXgYBiABKA0SEwoFcGVlcnMYByADKAsyBFBlZXISHgoKZGF0YV9wYXRocxgIIAMoCzIKRGF0YV9wYXRocxIQCghiYXNlX2RpchgJIAEoCRIXCg9zb3VyY2VfbWFwX3BhdGgYCiABKAkSFwoPc291cmNlX21hcF9oYXNoGAsgASgJGiwKCkRhdGFfcGF0aHMSCwoDa2V5GAEgASgJEg0KBXZhbHVlGAIgASgJOgI4ASIyCgRQZWVyEhQKDHdvcmtlcl9pbmRleBgBIAEoDRIUCgxkYXRhX2FkZHJlc3MYAiABKAkiHwoIRGVwbG95ZWQSEwoLZmluZ2VycHJpbnQYASABKAkiBwoFU3RhcnQiWQoJSGVhcnRiZWF0EhoKBXRhc2tzGAEgAygLMgtUYXNrTWV0cmljcxIdCghzZXJ2aWNlcxgCIAMoCzILU2VydmljZVZpZXcSEQoJcnNzX2J5dGVzGAMgASgEIj4KC1Rhc2tNZXRyaWNzEg8KB25vZGVfaWQYASABKAkSHgoIaW5zdGFuY2UYAiABKAsyDEluc3RhbmNlVmlldyIgCgZMb2dnZWQSFgoFbGluZXMYASADKAsyB0xvZ0xpbmUiQwoGUmVzdWx0Eg8KB25vZGVfaWQYASABKAkSGgoFYmF0Y2gYAiABKAsyC1Jlc3VsdEJhdGNoEgwKBGxhc3QYAyABKAgiPwoMUmVzdWx0Q3JlZGl0Eg8KB25vZGVfaWQYASABKAkSDQoFaW5kZXgYAiABKA0SDwoHYmF0Y2hlcxgDIAEoDSJoCgpEZWFkTGV0dGVyEhAKCG9wZXJhdG9yGAEgASgJEg0KBWluZGV4GAIgASgNEhUKDXJlY29yZF9udW1iZXIYAyABKAQSEwoLcmVjb3JkX2pzb24YBCABKAkSDQoFZXJyb3IYBSABKAkiJgoIRmluaXNoZWQSGgoFdGFza3MYASADKAsyC1Rhc2tNZXRyaWNzIiYKBkZhaWxlZBIcCgdmYWlsdXJlGAEgASgLMgtGYWlsdXJlVmlldyIYCgZDYW5jZWwSDgoGcmVhc29uGAEgASgJIgsKCUNhbmNlbGxlZCIHCgVDbG9zZSIaCglMb29wUXVlcnkSDQoFcm91bmQYASABKAQiNQoKTG9vcFJlcG9ydBINCgVyb3VuZBgBIAEoBBIYCgVsb29wcxgCIAMoCzIJTG9vcENvdW50IkwKCUxvb3BDb3VudBIPCgdsb29wX2lkGAEgASgJEgwKBHNlbnQYAiABKAQSEQoJcHJvY2Vzc2VkGAMgASgEEg0KBXF1aWV0GAQgASgIIhoKB0xvb3BFbmQSDwoHbG9vcF9pZBgBIAEoCSqXAQoISm9iUGhhc2USGQoVSk9CX1BIQVNFX1VOU1BFQ0lGSUVEEAASEAoMSU5JVElBTElaSU5HEAESCwoHUlVOTklORxACEgwKCFNUT1BQSU5HEAMSCwoHU1RPUFBFRBAEEg4KClJFQ09WRVJJTkcQBRINCglDT01QTEVURUQQBhIKCgZGQUlMRUQQBxILCgdERUxFVEVEEAgynwUKBEpvYnMSMgoGU3VibWl0EhYuc2FnZS52MS5TdWJtaXRSZXF1ZXN0GhAuc2FnZS52MS5Kb2JWaWV3EkQKEE1pc3NpbmdBcnRpZmFjdHMSFy5zYWdlLnYxLkFydGlmYWN0SGFzaGVzGhcuc2FnZS52MS5BcnRpZmFjdEhhc2hlcxJECg5VcGxvYWRBcnRpZmFjdBIWLnNhZ2UudjEuQXJ0aWZhY3RDaHVuaxoYLnNhZ2UudjEuQXJ0aWZhY3RSZWNlaXB0KAESKAoDR2V0Eg8uc2FnZS52MS5Kb2JSZWYaEC5zYWdlLnYxLkpvYlZpZXcSLgoETGlzdBIULnNhZ2UudjEuTGlzdFJlcXVlc3QaEC5zYWdlLnYxLkpvYkxpc3QSMgoFV2F0Y2gSFS5zYWdlLnYxLldhdGNoUmVxdWVzdBoQLnNhZ2UudjEuSm9iVmlldzABEjAKBExvZ3MSFC5zYWdlLnYxLkxvZ3NSZXF1ZXN0GhAuc2FnZS52MS5Mb2dMaW5lMAESOgoHUmVzdWx0cxIXLnNhZ2UudjEuUmVzdWx0c1JlcXVlc3QaFC5zYWdlLnYxLlJlc3VsdEJhdGNoMAESLgoEU3RvcBIULnNhZ2UudjEuU3RvcFJlcXVlc3QaEC5zYWdlLnYxLkpvYlZpZXcSMgoGRGVsZXRlEhYuc2FnZS52MS5EZWxldGVSZXF1ZXN0GhAuc2FnZS52MS5Kb2JWaWV3EjQKB0NsZWFudXASFy5zYWdlLnYxLkNsZWFudXBSZXF1ZXN0GhAuc2FnZS52MS5Kb2JMaXN0EkEKClNlcnZlckluZm8SGi5zYWdlLnYxLlNlcnZlckluZm9SZXF1ZXN0Ghcuc2FnZS52MS5TZXJ2ZXJJbmZvVmlldzJHCgdXb3JrZXJzEjwKBkF0dGFjaBIWLnNhZ2UudjEuV29ya2VyTWVzc2FnZRoWLnNhZ2UudjEuRGFlbW9uTWVzc2FnZSgBMAFiBnByb3RvMw=="
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
