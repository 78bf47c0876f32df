export { SageError, TimeoutError, isSageError, messageOf, type Fault, type SageErrorFacts } from "./errors.ts";
export { systemClock, type Clock } from "./clock.ts";
export { backoffMs, withRetries, type BackoffOptions } from "./backoff.ts";
export { deferred, type Deferred } from "./deferred.ts";
export { Cleanup } from "./cleanup.ts";
export { TaskGroup } from "./tasks.ts";
export { Secret } from "./secret.ts";
export { isUuid, newJobId, newWorkerId, uuidV7, type JobId, type WorkerId } from "./ids.ts";
export { loggerTo, silentLogger, type Logger, type LogFields, type LogLevel } from "./log.ts";
