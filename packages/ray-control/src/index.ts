// Ray from Node.js: sessions over ray://, the dashboard's REST, and Ray's commands as data.
export { connectRay, type ConnectOptions } from "./client/connect.ts";
export { RaySession, type ServerInfo, type TaskSpec } from "./client/session.ts";
export { parseRayAddress } from "./client/address.ts";
export type { RayTls } from "./client/channel.ts";
export type { CallOptions } from "./client/limits.ts";
export { ActorHandle, type ActorSpec, type MethodCallOptions } from "./client/actors.ts";
export { ObjectRef } from "./client/object-ref.ts";
export type { Waited } from "./client/objects.ts";
export type { ActorOptions, MethodOptions, ResourceOptions, RuntimeEnv, SchedulingStrategy, TaskOptions } from "./client/options.ts";
export type { PythonSource } from "./client/python-code.ts";
export { PlacementGroup, type PlacementGroupSpec } from "./client/placement-group.ts";
export type { RayNode, RuntimeContext } from "./client/cluster-info.ts";
export { KeyValues, PackageTooLargeError, type KeyOptions } from "./client/key-values.ts";
export type { RayLogLine } from "./client/log-stream.ts";
export {
  RayActorDiedError,
  RayActorNameTakenError,
  RayActorNotFoundError,
  RayActorUnavailableError,
  RayError,
  RayObjectLostError,
  RayRequestError,
  RayRuntimeEnvError,
  RayTaskCancelledError,
  RayTaskError,
  RayUnschedulableError,
  RayWorkerCrashedError,
  type RemoteFacts,
} from "./client/ray-errors.ts";
export {
  RayAddressError,
  RayAuthError,
  RayCommandError,
  RayInitError,
  RayObjectTooLargeError,
  RayProtocolError,
  RayRestError,
  RaySessionClosedError,
  RaySessionLostError,
  RayUnreachableError,
} from "./errors.ts";
export { readPickle, type PickleLimits } from "./pickle/pickle-reader.ts";
export { writePickle, type PickleWriteOptions, type Protocol } from "./pickle/pickle-writer.ts";
export { toPlain, type Interpret } from "./pickle/plain-values.ts";
export { PersistentId, pyCall, PyFloat, PyGlobal, PyObject, PyTuple } from "./pickle/python-values.ts";
export { PickleReadError, PickleWriteError } from "./pickle/errors.ts";
export type { RayActor, RayControl } from "./ray-control.ts";
export { connectRayJob, type ConnectJobOptions } from "./job-driver/connect-job.ts";
export { RayDriverFailedError } from "./job-driver/driver-failed.ts";
export { DriverDoor, DriverRefusedError, type DriverDial, type DriverStream } from "./job-driver/driver-door.ts";
export { RayJobSession } from "./job-driver/job-session.ts";
export { RayDashboard, type ActorFilter, type DashboardActor, type DashboardNode } from "./rest/dashboard.ts";
export { isOver, RayJobs, type RayJob, type RayJobSpec, type RayJobStatus } from "./rest/jobs.ts";
export { RayLogLostError } from "./rest/log-tail.ts";
export type { MachineUse, NodeUse, ResourceUse } from "./rest/usage.ts";
export type { RestOptions } from "./rest/http.ts";
export { packageOf, packageUri, packLarge, type PackageFiles, type RayPackage } from "./rest/packages.ts";
export { ZipPathError } from "./rest/zip.ts";
export {
  rayJoin,
  rayStartHead,
  rayDrainNode, rayStatus,
  rayStop,
  rayVersion,
  type HealthCheck,
  type NodePorts,
  type RayHeadSettings,
  type RayJoinSettings,
  type RayNodeSettings,
  type RayProgram,
} from "./commands.ts";
export {
  ChildWillNotEndError,
  findWorkerHost,
  startWorkerHost,
  WorkerHost,
  type AnyOf,
  type ChildExit,
  type HostNews,
  type WorkerHostInfo,
  type WorkerHostSpec,
} from "./worker-host.ts";
