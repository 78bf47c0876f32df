// The names of @sage/pipeline. User bundles take this entry (the condition `sage-worker`): it brings no client, no
// bundler and no runtime, because whoever evaluates a bundle has installed its host before.

export {
  AlreadyReadError, AutostopTimeoutError, BatchFunction, BroadcastProcessFunction, CoMapFunction, CollectBufferFullError, ConnectedStreams,
  EmptyPipelineError, FileSink, FilterFunction, FlatMapFunction, ForeignStreamError, FutureFilledTwiceError, FutureStream,
  InvalidOperatorError, JobFailedError, JoinFunction, KeyByFunction, KeyedStream, MapFunction, NotSubmittedError, PipelineBuilder,
  PipelineFunction, PlanMismatchError, ProcessFunction, ReduceFunction, ServiceCrashError, ServiceFunction, Sink, SinkFunction,
  SourceFunction, Stream, TransactionalSinkFunction, UnfilledFutureError, WindowFunction, WindowedStream,
  continuousEventTimeTrigger, count, countTrigger, eventTimeTrigger, fileSink, globalWindow, outputTag, pipeline, processingTime,
  processingTimeTrigger, purging, session, sliding, tumbling, type AggregateFunction, type BesideBroadcastContext, type BroadcastContext,
  type BroadcastMethods,  type CheckpointOptions, type CoMapMethods, type Collected, type Collector, type CountWindows, type DurabilityOptions,
  type EmitOptions, type EnvironmentOptions, type FileOptions, type FileSinkOptions, type FlatMapResult, type FunctionContext,
  type GlobalWindows, type HealthReport, type Idle, type Interval, type JobFailure, type JobProgress, type JobResult, type JobStatus,
  type JoinOptions, type Key, type ListState, type MapState, type OperatorCounts, type OperatorOptions, type OutputTag,
  type ParamValue, type PipelineDefinition, type PreparedFile, type ProcessContext, type ProcessMethods, type ReadonlyMapState, type ReadySink,
  type RecordOf, type RestartOptions, type RunningJob, type Savepoint, type ServiceContext, type ServiceHandle,
  type ServiceOptions, type ServiceRef, type ServiceRegistry, type Services, type SessionWindows, type SlidingWindows,
  type StateOptions, type StateStore, type StateTtl, type SubmitOptions, type TimeKind, type TimeWindow, type TimeWindows, type TimerContext, type Timers,
  type Trigger, type TriggerContext, type TriggerResult, type ValueState, type WatermarkAlignment, type WatermarkGenerator, type WatermarkOptions,
  type WatermarkOutput, type WindowAggregate, type WindowContext, type WindowJoinOptions, type WindowSpec,
} from "@sage/graph";
export { registerType, type RegisterTypeOptions } from "@sage/protocol/records";
export { Environment, type EnvironmentStatus, type RunOptions } from "./environment.ts";
export { LocalEnvironment, type LocalOptions } from "./local-environment.ts";
export { RemoteEnvironment, type RemoteOptions } from "./remote-environment.ts";
export { environment } from "./configured-environment.ts";
export { NoHostError } from "./host-in-use.ts";
