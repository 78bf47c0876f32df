// The light door of this package, `@sage/protocol/records`: records, keys and plans, without gRPC.

export { canonicalKey, type CanonicalKey } from "./canonical-key.ts";
export { BadFrameError, UnhashableKeyError, UnknownTypeError, UnserializableError } from "./errors.ts";
export { decodeBatch, encodeBatch, recordCountOf } from "./codec.ts";
export { registeredTypeOf, registerType, type RegisterTypeOptions } from "./registered-types.ts";
export { fingerprintOf } from "./fingerprint.ts";
export { defaultMaxParallelism, instanceOf, keyGroupOf, keyGroupsOf } from "./key-groups.ts";
export { stableHash } from "./stable-hash.ts";
export {
  instanceIn, planVersion, remoteServicesOf, slotsOf, workerOf,
  type ErrorPolicy, type NodeKind, type Partitioning, type Plan, type PlanChain, type PlanEdge, type PlanLoop, type PlanNode, type PlanService, type Resources,
} from "../plan.ts";
export { endedLoops, sumLoops, type LoopSum, type LoopSums } from "../loop-termination.ts";
