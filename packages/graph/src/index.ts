export {
  BatchFunction, CoMapFunction, FilterFunction, FlatMapFunction, JoinFunction, KeyByFunction, MapFunction, PipelineFunction, ProcessFunction,
  ReduceFunction, ServiceFunction, SinkFunction, SourceFunction, TransactionalSinkFunction, outputTag,
  type AggregateFunction, type CoMapMethods, type Collector, type FlatMapResult, type FunctionContext, type Idle, type Key, type OutputTag,
  type ParamValue, type ProcessContext, type ProcessMethods, type ServiceContext, type ServiceHandle, type TimerContext,
} from "./functions.ts";
export type { ListState, MapState, StateOptions, StateStore, StateTtl, ValueState } from "./state.ts";
export type { Timers } from "./timers.ts";
export { defaultMaxRestarts, ServiceCrashError, type ServiceOptions, type ServiceRef, type ServiceRegistry, type Services } from "./services.ts";
export { PipelineBuilder, type EnvironmentOptions, type FileOptions } from "./environment.ts";
export { buildPipeline, isPipelineDefinition, pipeline, wasDefined, type PipelineDefinition } from "./definition.ts";
export { ConnectedStreams, FutureStream, KeyedStream, Sink, Stream, type EmitOptions, type JoinOptions, type RecordOf } from "./stream.ts";
export { BroadcastProcessFunction, type BesideBroadcastContext, type BroadcastContext, type BroadcastMethods, type ReadonlyMapState } from "./broadcast.ts";
export type { Interval, IntervalSettings, WindowJoinOptions } from "./interval.ts";
export { WindowFunction, WindowedStream, type WindowAggregate, type WindowContext } from "./windows.ts";
export {
  count, globalWindow, processingTime, session, sliding, tumbling,
  type CountWindows, type GlobalWindows, type SessionWindows, type SlidingWindows, type TimeKind, type TimeWindow, type TimeWindows, type WindowSpec,
} from "./window-specs.ts";
export {
  continuousEventTimeTrigger, countTrigger, eventTimeTrigger, processingTimeTrigger, purging, type Trigger, type TriggerContext, type TriggerResult,
} from "./triggers.ts";
export type { WatermarkAlignment, WatermarkGenerator, WatermarkOptions, WatermarkOutput } from "./watermarks.ts";
export { CollectedRecords, NotSubmittedError, type Collected, type CollectFeed } from "./collected.ts";
export { isFunctionClass, nameOf, type Constructor, type Graph, type GraphNode, type GraphService, type NodeInput, type OperatorOptions, type ReadySink, type UserFunction } from "./graph.ts";
export { compile, parallelismLimit, type CompileOptions } from "./compile.ts";
export { planDifference } from "./mismatch.ts";
export { EmptyPipelineError, ForeignStreamError, FutureFilledTwiceError, InvalidOperatorError, PlanMismatchError, UnfilledFutureError } from "./errors.ts";
export { AlreadyReadError, AutostopTimeoutError, CollectBufferFullError, JobFailedError, type JobFailure } from "./job-errors.ts";
export {
  installHost, installedHost,
  type HealthReport, type JobProgress, type JobResult, type JobStatus, type OperatorCounts, type PipelineHost, type RunningJob, type Submission,
  type SubmitOptions, type Target,
} from "./host.ts";
export { checkOptions, checkpointOptions, environmentOptions, restartOptions, submitOptions, UnknownOptionError, type KnownOptions } from "./known-options.ts";
export type { CheckpointOptions, DurabilityOptions, RestartOptions, Savepoint } from "./durability.ts";
export { fileSink, FileSink, type FileSinkOptions, type PreparedFile } from "./file-sink.ts";
