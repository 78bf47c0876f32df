// proto/ray as data, for proto-loader's fromJSON.

export const descriptorJson = {
 "nested": {
  "ray": {
   "nested": {
    "rpc": {
     "nested": {
      "Type": {
       "values": {
        "DEFAULT": 0
       }
      },
      "Arg": {
       "fields": {
        "local": {
         "type": "Arg.Locality",
         "id": 1
        },
        "referenceId": {
         "type": "bytes",
         "id": 2
        },
        "data": {
         "type": "bytes",
         "id": 3
        },
        "type": {
         "type": "Type",
         "id": 4
        }
       },
       "nested": {
        "Locality": {
         "values": {
          "INTERNED": 0,
          "REFERENCE": 1
         }
        }
       }
      },
      "TaskOptions": {
       "fields": {
        "pickledOptions": {
         "type": "bytes",
         "id": 1
        }
       }
      },
      "ClientTask": {
       "fields": {
        "type": {
         "type": "ClientTask.RemoteExecType",
         "id": 1
        },
        "name": {
         "type": "string",
         "id": 2
        },
        "payloadId": {
         "type": "bytes",
         "id": 3
        },
        "args": {
         "rule": "repeated",
         "type": "Arg",
         "id": 4
        },
        "kwargs": {
         "keyType": "string",
         "type": "Arg",
         "id": 5
        },
        "clientId": {
         "type": "string",
         "id": 6
        },
        "options": {
         "type": "TaskOptions",
         "id": 7
        },
        "baselineOptions": {
         "type": "TaskOptions",
         "id": 8
        },
        "namespace": {
         "type": "string",
         "id": 9
        },
        "data": {
         "type": "bytes",
         "id": 10
        },
        "chunkId": {
         "type": "int32",
         "id": 11
        },
        "totalChunks": {
         "type": "int32",
         "id": 12
        }
       },
       "nested": {
        "RemoteExecType": {
         "values": {
          "FUNCTION": 0,
          "ACTOR": 1,
          "METHOD": 2,
          "STATIC_METHOD": 3,
          "NAMED_ACTOR": 4
         }
        }
       }
      },
      "ClientTaskTicket": {
       "fields": {
        "valid": {
         "type": "bool",
         "id": 1
        },
        "returnIds": {
         "rule": "repeated",
         "type": "bytes",
         "id": 2
        },
        "error": {
         "type": "bytes",
         "id": 3
        }
       }
      },
      "PutRequest": {
       "fields": {
        "data": {
         "type": "bytes",
         "id": 1
        },
        "clientRefId": {
         "type": "bytes",
         "id": 2
        },
        "chunkId": {
         "type": "int32",
         "id": 3
        },
        "totalChunks": {
         "type": "int32",
         "id": 4
        },
        "totalSize": {
         "type": "int64",
         "id": 5
        }
       }
      },
      "PutResponse": {
       "fields": {
        "id": {
         "type": "bytes",
         "id": 1
        },
        "valid": {
         "type": "bool",
         "id": 2
        },
        "error": {
         "type": "bytes",
         "id": 3
        }
       }
      },
      "GetRequest": {
       "fields": {
        "ids": {
         "rule": "repeated",
         "type": "bytes",
         "id": 4
        },
        "timeout": {
         "type": "float",
         "id": 2
        },
        "asynchronous": {
         "type": "bool",
         "id": 3
        },
        "startChunkId": {
         "type": "int32",
         "id": 5
        }
       }
      },
      "GetResponse": {
       "fields": {
        "valid": {
         "type": "bool",
         "id": 1
        },
        "data": {
         "type": "bytes",
         "id": 2
        },
        "error": {
         "type": "bytes",
         "id": 3
        },
        "chunkId": {
         "type": "int32",
         "id": 4
        },
        "totalChunks": {
         "type": "int32",
         "id": 5
        },
        "totalSize": {
         "type": "uint64",
         "id": 6
        }
       }
      },
      "WaitRequest": {
       "fields": {
        "objectIds": {
         "rule": "repeated",
         "type": "bytes",
         "id": 1
        },
        "numReturns": {
         "type": "int64",
         "id": 2
        },
        "timeout": {
         "type": "double",
         "id": 3
        },
        "clientId": {
         "type": "string",
         "id": 4
        }
       }
      },
      "WaitResponse": {
       "fields": {
        "valid": {
         "type": "bool",
         "id": 1
        },
        "readyObjectIds": {
         "rule": "repeated",
         "type": "bytes",
         "id": 2
        },
        "remainingObjectIds": {
         "rule": "repeated",
         "type": "bytes",
         "id": 3
        }
       }
      },
      "ClusterInfoType": {
       "fields": {},
       "nested": {
        "TypeEnum": {
         "values": {
          "IS_INITIALIZED": 0,
          "NODES": 1,
          "CLUSTER_RESOURCES": 2,
          "AVAILABLE_RESOURCES": 3,
          "RUNTIME_CONTEXT": 4,
          "TIMELINE": 5,
          "PING": 6,
          "DASHBOARD_URL": 7
         }
        }
       }
      },
      "ClusterInfoRequest": {
       "fields": {
        "type": {
         "type": "ClusterInfoType.TypeEnum",
         "id": 1
        }
       }
      },
      "ClusterInfoResponse": {
       "oneofs": {
        "responseType": {
         "oneof": [
          "json",
          "resourceTable",
          "runtimeContext"
         ]
        }
       },
       "fields": {
        "type": {
         "type": "ClusterInfoType.TypeEnum",
         "id": 1
        },
        "json": {
         "type": "string",
         "id": 2
        },
        "resourceTable": {
         "type": "ClusterInfoResponse.ResourceTable",
         "id": 3
        },
        "runtimeContext": {
         "type": "ClusterInfoResponse.RuntimeContext",
         "id": 4
        }
       },
       "nested": {
        "ResourceTable": {
         "fields": {
          "table": {
           "keyType": "string",
           "type": "double",
           "id": 1
          }
         }
        },
        "RuntimeContext": {
         "fields": {
          "jobId": {
           "type": "bytes",
           "id": 1
          },
          "nodeId": {
           "type": "bytes",
           "id": 2
          },
          "namespace": {
           "type": "string",
           "id": 3
          },
          "runtimeEnv": {
           "type": "string",
           "id": 4
          },
          "captureClientTasks": {
           "type": "bool",
           "id": 5
          },
          "gcsAddress": {
           "type": "string",
           "id": 6
          },
          "sessionName": {
           "type": "string",
           "id": 7
          },
          "workerId": {
           "type": "bytes",
           "id": 8
          }
         }
        }
       }
      },
      "TerminateRequest": {
       "oneofs": {
        "terminateType": {
         "oneof": [
          "actor",
          "taskObject"
         ]
        }
       },
       "fields": {
        "clientId": {
         "type": "string",
         "id": 1
        },
        "actor": {
         "type": "TerminateRequest.ActorTerminate",
         "id": 2
        },
        "taskObject": {
         "type": "TerminateRequest.TaskObjectTerminate",
         "id": 3
        }
       },
       "nested": {
        "ActorTerminate": {
         "fields": {
          "id": {
           "type": "bytes",
           "id": 1
          },
          "noRestart": {
           "type": "bool",
           "id": 2
          }
         }
        },
        "TaskObjectTerminate": {
         "fields": {
          "id": {
           "type": "bytes",
           "id": 1
          },
          "force": {
           "type": "bool",
           "id": 2
          },
          "recursive": {
           "type": "bool",
           "id": 3
          }
         }
        }
       }
      },
      "TerminateResponse": {
       "fields": {
        "ok": {
         "type": "bool",
         "id": 1
        }
       }
      },
      "KVExistsRequest": {
       "oneofs": {
        "_namespace": {
         "oneof": [
          "namespace"
         ]
        }
       },
       "fields": {
        "key": {
         "type": "bytes",
         "id": 1
        },
        "namespace": {
         "type": "bytes",
         "id": 2,
         "options": {
          "proto3_optional": true
         }
        }
       }
      },
      "KVExistsResponse": {
       "fields": {
        "exists": {
         "type": "bool",
         "id": 1
        }
       }
      },
      "KVGetRequest": {
       "oneofs": {
        "_namespace": {
         "oneof": [
          "namespace"
         ]
        }
       },
       "fields": {
        "key": {
         "type": "bytes",
         "id": 1
        },
        "namespace": {
         "type": "bytes",
         "id": 2,
         "options": {
          "proto3_optional": true
         }
        }
       }
      },
      "KVGetResponse": {
       "oneofs": {
        "_value": {
         "oneof": [
          "value"
         ]
        }
       },
       "fields": {
        "value": {
         "type": "bytes",
         "id": 1,
         "options": {
          "proto3_optional": true
         }
        }
       }
      },
      "KVPutRequest": {
       "oneofs": {
        "_namespace": {
         "oneof": [
          "namespace"
         ]
        }
       },
       "fields": {
        "key": {
         "type": "bytes",
         "id": 1
        },
        "value": {
         "type": "bytes",
         "id": 2
        },
        "overwrite": {
         "type": "bool",
         "id": 3
        },
        "namespace": {
         "type": "bytes",
         "id": 4,
         "options": {
          "proto3_optional": true
         }
        }
       }
      },
      "KVPutResponse": {
       "fields": {
        "alreadyExists": {
         "type": "bool",
         "id": 1
        }
       }
      },
      "KVDelRequest": {
       "oneofs": {
        "_namespace": {
         "oneof": [
          "namespace"
         ]
        }
       },
       "fields": {
        "key": {
         "type": "bytes",
         "id": 1
        },
        "delByPrefix": {
         "type": "bool",
         "id": 2
        },
        "namespace": {
         "type": "bytes",
         "id": 3,
         "options": {
          "proto3_optional": true
         }
        }
       }
      },
      "KVDelResponse": {
       "fields": {
        "deletedNum": {
         "type": "int32",
         "id": 1
        }
       }
      },
      "KVListRequest": {
       "oneofs": {
        "_namespace": {
         "oneof": [
          "namespace"
         ]
        }
       },
       "fields": {
        "prefix": {
         "type": "bytes",
         "id": 1
        },
        "namespace": {
         "type": "bytes",
         "id": 2,
         "options": {
          "proto3_optional": true
         }
        }
       }
      },
      "KVListResponse": {
       "fields": {
        "keys": {
         "rule": "repeated",
         "type": "bytes",
         "id": 1
        }
       }
      },
      "ClientPinRuntimeEnvURIRequest": {
       "fields": {
        "uri": {
         "type": "string",
         "id": 1
        },
        "expirationS": {
         "type": "int32",
         "id": 2
        }
       }
      },
      "ClientPinRuntimeEnvURIResponse": {
       "fields": {}
      },
      "InitRequest": {
       "fields": {
        "jobConfig": {
         "type": "bytes",
         "id": 1
        },
        "rayInitKwargs": {
         "type": "string",
         "id": 2
        },
        "reconnectGracePeriod": {
         "type": "int32",
         "id": 3
        }
       }
      },
      "InitResponse": {
       "fields": {
        "ok": {
         "type": "bool",
         "id": 1
        },
        "msg": {
         "type": "string",
         "id": 2
        }
       }
      },
      "PrepRuntimeEnvRequest": {
       "fields": {}
      },
      "PrepRuntimeEnvResponse": {
       "fields": {}
      },
      "ClientListNamedActorsRequest": {
       "fields": {
        "allNamespaces": {
         "type": "bool",
         "id": 1
        }
       }
      },
      "ClientListNamedActorsResponse": {
       "fields": {
        "actorsJson": {
         "type": "string",
         "id": 1
        }
       }
      },
      "ReleaseRequest": {
       "fields": {
        "ids": {
         "rule": "repeated",
         "type": "bytes",
         "id": 1
        }
       }
      },
      "ReleaseResponse": {
       "fields": {
        "ok": {
         "rule": "repeated",
         "type": "bool",
         "id": 2
        }
       }
      },
      "ConnectionInfoRequest": {
       "fields": {}
      },
      "ConnectionInfoResponse": {
       "fields": {
        "numClients": {
         "type": "int32",
         "id": 1
        },
        "rayVersion": {
         "type": "string",
         "id": 2
        },
        "rayCommit": {
         "type": "string",
         "id": 3
        },
        "pythonVersion": {
         "type": "string",
         "id": 4
        }
       }
      },
      "ConnectionCleanupRequest": {
       "fields": {}
      },
      "ConnectionCleanupResponse": {
       "fields": {}
      },
      "AcknowledgeRequest": {
       "fields": {
        "reqId": {
         "type": "int32",
         "id": 1
        }
       }
      },
      "DataRequest": {
       "oneofs": {
        "type": {
         "oneof": [
          "get",
          "put",
          "release",
          "connectionInfo",
          "init",
          "prepRuntimeEnv",
          "connectionCleanup",
          "acknowledge",
          "task",
          "terminate",
          "listNamedActors"
         ]
        }
       },
       "fields": {
        "reqId": {
         "type": "int32",
         "id": 1
        },
        "get": {
         "type": "GetRequest",
         "id": 2
        },
        "put": {
         "type": "PutRequest",
         "id": 3
        },
        "release": {
         "type": "ReleaseRequest",
         "id": 4
        },
        "connectionInfo": {
         "type": "ConnectionInfoRequest",
         "id": 5
        },
        "init": {
         "type": "InitRequest",
         "id": 6
        },
        "prepRuntimeEnv": {
         "type": "PrepRuntimeEnvRequest",
         "id": 7
        },
        "connectionCleanup": {
         "type": "ConnectionCleanupRequest",
         "id": 8
        },
        "acknowledge": {
         "type": "AcknowledgeRequest",
         "id": 9
        },
        "task": {
         "type": "ClientTask",
         "id": 10
        },
        "terminate": {
         "type": "TerminateRequest",
         "id": 11
        },
        "listNamedActors": {
         "type": "ClientListNamedActorsRequest",
         "id": 12
        }
       }
      },
      "DataResponse": {
       "oneofs": {
        "type": {
         "oneof": [
          "get",
          "put",
          "release",
          "connectionInfo",
          "init",
          "prepRuntimeEnv",
          "connectionCleanup",
          "taskTicket",
          "terminate",
          "listNamedActors"
         ]
        }
       },
       "fields": {
        "reqId": {
         "type": "int32",
         "id": 1
        },
        "get": {
         "type": "GetResponse",
         "id": 2
        },
        "put": {
         "type": "PutResponse",
         "id": 3
        },
        "release": {
         "type": "ReleaseResponse",
         "id": 4
        },
        "connectionInfo": {
         "type": "ConnectionInfoResponse",
         "id": 5
        },
        "init": {
         "type": "InitResponse",
         "id": 6
        },
        "prepRuntimeEnv": {
         "type": "PrepRuntimeEnvResponse",
         "id": 7
        },
        "connectionCleanup": {
         "type": "ConnectionCleanupResponse",
         "id": 8
        },
        "taskTicket": {
         "type": "ClientTaskTicket",
         "id": 10
        },
        "terminate": {
         "type": "TerminateResponse",
         "id": 11
        },
        "listNamedActors": {
         "type": "ClientListNamedActorsResponse",
         "id": 12
        }
       },
       "reserved": [
        [
         9,
         9
        ],
        "acknowledge"
       ]
      },
      "LogSettingsRequest": {
       "fields": {
        "enabled": {
         "type": "bool",
         "id": 1
        },
        "loglevel": {
         "type": "int32",
         "id": 2
        }
       }
      },
      "LogData": {
       "fields": {
        "msg": {
         "type": "string",
         "id": 1
        },
        "level": {
         "type": "int32",
         "id": 2
        },
        "name": {
         "type": "string",
         "id": 3
        }
       }
      },
      "RayletDriver": {
       "methods": {
        "Init": {
         "requestType": "InitRequest",
         "responseType": "InitResponse"
        },
        "PrepRuntimeEnv": {
         "requestType": "PrepRuntimeEnvRequest",
         "responseType": "PrepRuntimeEnvResponse"
        },
        "GetObject": {
         "requestType": "GetRequest",
         "responseType": "GetResponse",
         "responseStream": true
        },
        "PutObject": {
         "requestType": "PutRequest",
         "responseType": "PutResponse"
        },
        "WaitObject": {
         "requestType": "WaitRequest",
         "responseType": "WaitResponse"
        },
        "Schedule": {
         "requestType": "ClientTask",
         "responseType": "ClientTaskTicket"
        },
        "Terminate": {
         "requestType": "TerminateRequest",
         "responseType": "TerminateResponse"
        },
        "ClusterInfo": {
         "requestType": "ClusterInfoRequest",
         "responseType": "ClusterInfoResponse"
        },
        "KVGet": {
         "requestType": "KVGetRequest",
         "responseType": "KVGetResponse"
        },
        "KVPut": {
         "requestType": "KVPutRequest",
         "responseType": "KVPutResponse"
        },
        "KVDel": {
         "requestType": "KVDelRequest",
         "responseType": "KVDelResponse"
        },
        "KVList": {
         "requestType": "KVListRequest",
         "responseType": "KVListResponse"
        },
        "KVExists": {
         "requestType": "KVExistsRequest",
         "responseType": "KVExistsResponse"
        },
        "ListNamedActors": {
         "requestType": "ClientListNamedActorsRequest",
         "responseType": "ClientListNamedActorsResponse"
        },
        "PinRuntimeEnvURI": {
         "requestType": "ClientPinRuntimeEnvURIRequest",
         "responseType": "ClientPinRuntimeEnvURIResponse"
        }
       }
      },
      "RayletDataStreamer": {
       "methods": {
        "Datapath": {
         "requestType": "DataRequest",
         "requestStream": true,
         "responseType": "DataResponse",
         "responseStream": true
        }
       }
      },
      "RayletLogStreamer": {
       "methods": {
        "Logstream": {
         "requestType": "LogSettingsRequest",
         "requestStream": true,
         "responseType": "LogData",
         "responseStream": true
        }
       }
      }
     }
    }
   }
  }
 }
};
