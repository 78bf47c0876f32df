// The names of @sage/pipeline. User bundles take this entry (the condition `sage-worker`): it brings no client, no
// bundler and no runtime, because whoever evaluates a bundle has installed its host before.

export {
  AlreadyReadError, AutostopTimeoutError, BatchFunction, CoMapFunction, CollectBufferFullError, ConnectedStreams, EmptyPipelineError, FilterFunction,
  FlatMapFunction, ForeignStreamError, FutureFilledTwiceError, FutureStream, InvalidOperatorError, JobFailedError, JoinFunction, KeyByFunction,
  KeyedStream, MapFunction, NotSubmittedError, PipelineBuilder, PipelineFunction, PlanMismatchError, ProcessFunction, ReduceFunction,
  ServiceFunction, Sink, SinkFunction, SourceFunction, Stream, UnfilledFutureError, outputTag, pipeline,
  FileSink, TransactionalSinkFunction, fileSink,
  type CheckpointOptions, type FileSinkOptions, type PreparedFile, type ReadySink,
  type AggregateFunction, type CoMapMethods, type Collected, type Collector, type EmitOptions, type EnvironmentOptions, type FileOptions,
  type FlatMapResult, type FunctionContext, type HealthReport, type Idle, type JobFailure, type JobProgress, type JobResult, type JobStatus,
  type JoinOptions, type Key, type ListState, type MapState, type OperatorCounts, type OperatorOptions, type OutputTag, type ParamValue,
  type PipelineDefinition, type ProcessContext, type RecordOf, type RunningJob, type ServiceContext, type ServiceHandle, type ServiceOptions,
  type ServiceRef, type ServiceRegistry, type Services, type StateStore, type SubmitOptions, type ValueState,
} from "@sage/graph";
export { registerType, type RegisterTypeOptions } from "@sage/protocol/records";
export { Environment, type EnvironmentStatus, type RunOptions } from "./environment.ts";
export { LocalEnvironment, type LocalOptions } from "./local-environment.ts";
export { RemoteEnvironment, type RemoteOptions } from "./remote-environment.ts";
export { environment } from "./configured-environment.ts";
export { NoHostError } from "./host-in-use.ts";
