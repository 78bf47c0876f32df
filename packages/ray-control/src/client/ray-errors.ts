// What Python threw on the cluster, as typed errors with its traceback as text. The class names differ between versions
// of Ray (2.9 says RayActorError where later ones say ActorDiedError or ActorUnavailableError): the types here do not.

import { SageError, TimeoutError, type Fault } from "@sage/core";
import { readPickle } from "../pickle/pickle-reader.ts";
import { PyGlobal, PyObject, PyTuple } from "../pickle/python-values.ts";

export interface RemoteFacts {
  /** Python's class name, without its module: `ValueError`, `ActorDiedError`. */
  readonly pythonType: string;
  readonly message: string;
  /** As Python printed it; empty where Ray sent none. */
  readonly remoteTraceback: string;
}

/** Any exception of Python's, and the base of the more exact ones. */
export class RayError extends SageError {
  readonly pythonType: string;
  readonly remoteTraceback: string;
  constructor(facts: RemoteFacts, code = "SAGE_RAY_FAILED", fault: Fault = "cluster", more: { readonly retryable?: boolean; readonly hint?: string; readonly text?: string } = {}) {
    super(more.text ?? `${facts.pythonType}: ${facts.message}`, { code, fault, ...(more.retryable === undefined ? {} : { retryable: more.retryable }), ...(more.hint === undefined ? {} : { hint: more.hint }) });
    this.pythonType = facts.pythonType;
    this.remoteTraceback = facts.remoteTraceback;
  }
}

/** A task or a method threw. `pythonType` is the class of what it threw. */
export class RayTaskError extends RayError {
  readonly functionName: string;
  readonly pid: number | undefined;
  readonly ip: string | undefined;
  constructor(facts: RemoteFacts, where: { readonly functionName: string; readonly pid?: number; readonly ip?: string }) {
    super(facts, "SAGE_RAY_TASK_FAILED", "user", { text: `${where.functionName || "a task"} threw ${facts.pythonType}: ${facts.message}` });
    this.functionName = where.functionName;
    this.pid = where.pid;
    this.ip = where.ip;
  }
}

/** The actor is dead and will not come back; also when its constructor threw. */
export class RayActorDiedError extends RayError {
  constructor(facts: RemoteFacts) {
    super(facts, "SAGE_RAY_ACTOR_DIED", "cluster");
  }
}

/** The actor cannot be reached now, but may be later: its worker is being restarted, or its node is cut off. */
export class RayActorUnavailableError extends RayError {
  constructor(facts: RemoteFacts) {
    super(facts, "SAGE_RAY_ACTOR_UNAVAILABLE", "cluster", { retryable: true });
  }
}

/** No node can ever take the actor or task as it is asked for. */
export class RayUnschedulableError extends RayError {
  constructor(facts: RemoteFacts) {
    super(facts, "SAGE_RAY_UNSCHEDULABLE", "cluster", { hint: "Compare what it asks for with `session.nodes()`." });
  }
}

/** Another actor has the name already. */
export class RayActorNameTakenError extends RayError {
  constructor(facts: RemoteFacts) {
    super(facts, "SAGE_RAY_ACTOR_NAME_TAKEN", "user", { hint: "Take another name, or pass `getIfExists: true`." });
  }
}

/** No actor has the name. */
export class RayActorNotFoundError extends RayError {
  constructor(facts: RemoteFacts) {
    super(facts, "SAGE_RAY_ACTOR_NOT_FOUND", "user", { hint: "Names belong to a namespace: compare `session.listNamedActors()`." });
  }
}

/** The object is gone: its node or its owner has died. */
export class RayObjectLostError extends RayError {
  constructor(facts: RemoteFacts) {
    super(facts, "SAGE_RAY_OBJECT_LOST", "cluster", { retryable: true });
  }
}

/** Somebody cancelled the task. */
export class RayTaskCancelledError extends RayError {
  constructor(facts: RemoteFacts) {
    super(facts, "SAGE_RAY_TASK_CANCELLED", "user");
  }
}

/** The process that ran the task died: a crash, or the node ran out of memory. */
export class RayWorkerCrashedError extends RayError {
  constructor(facts: RemoteFacts) {
    super(facts, "SAGE_RAY_WORKER_CRASHED", "cluster", { retryable: true });
  }
}

/** The environment of the worker could not be made. */
export class RayRuntimeEnvError extends RayError {
  constructor(facts: RemoteFacts) {
    super(facts, "SAGE_RAY_RUNTIME_ENV", "user", { hint: "Check the `runtimeEnv`: packages, URIs, variables." });
  }
}

/** The server refused the request: an unknown method, arguments that do not fit, a bad option, a module it cannot import. */
export class RayRequestError extends RayError {
  constructor(facts: RemoteFacts) {
    super(facts, "SAGE_RAY_REQUEST_REFUSED", "user");
  }
}

const exceptionModule = "ray.exceptions";

const classes: Readonly<Record<string, new (facts: RemoteFacts) => RayError>> = {
  ActorDiedError: RayActorDiedError, RayActorError: RayActorDiedError, ActorUnavailableError: RayActorUnavailableError,
  ActorUnschedulableError: RayUnschedulableError, TaskUnschedulableError: RayUnschedulableError, TaskPlacementGroupRemoved: RayUnschedulableError, ActorPlacementGroupRemoved: RayUnschedulableError,
  ActorAlreadyExistsError: RayActorNameTakenError, TaskCancelledError: RayTaskCancelledError,
  WorkerCrashedError: RayWorkerCrashedError, LocalRayletDiedError: RayWorkerCrashedError, OutOfMemoryError: RayWorkerCrashedError, NodeDiedError: RayWorkerCrashedError,
  RuntimeEnvSetupError: RayRuntimeEnvError,
};

/** Whether the value is one of Ray's own exceptions: so it arrives where a result was expected. */
export function isRayException(value: PyObject): boolean {
  return value.callee instanceof PyGlobal && value.callee.module === exceptionModule;
}

/** The error that a pickled exception stands for. */
export function toRayError(value: unknown): Error {
  const facts = factsOf(value);
  if (!(value instanceof PyObject)) return new RayError(facts);
  return facts.pythonType === "RayTaskError" ? toTaskError(value, facts) : errorOf(facts, isRayException(value));
}

/** What a driver that runs as a Ray Job says of an exception. */
export interface ThrownFacts {
  /** Python's class name; RayTaskError for whatever a task or method threw. */
  readonly type: string;
  /** Whether it is one of Ray's own. */
  readonly isRays: boolean;
  readonly text: string;
  readonly function?: string;
  readonly pid?: number;
  readonly ip?: string;
}

/** The same, from an exception that was told in plain values. */
export function toRayErrorFromFacts({ type, isRays, text, function: functionName = "", pid, ip }: ThrownFacts): Error {
  const remoteTraceback = hasTraceback(text) ? text : "";
  if (type !== "RayTaskError") return errorOf({ pythonType: type, message: messageOf(text), remoteTraceback }, isRays);
  const thrown = thrownBy(text);
  if (thrown.pythonType === "TaskCancelledError") return new RayTaskCancelledError({ ...thrown, remoteTraceback: text });
  return new RayTaskError({ pythonType: thrown.pythonType || type, message: thrown.message, remoteTraceback: text }, { functionName, ...(pid === undefined ? {} : { pid }), ...(ip === undefined ? {} : { ip }) });
}

function errorOf(facts: RemoteFacts, isRays: boolean): Error {
  const { pythonType, message } = facts;
  if (pythonType === "GetTimeoutError") return new TimeoutError("ray.get", 0);
  const known = classes[pythonType];
  if (known) return new known(facts);
  if (isRays) return /^(Object|Owner|Reference)/.test(pythonType) ? new RayObjectLostError(facts) : new RayError(facts);
  if (/Failed to look up actor/.test(message)) return new RayActorNotFoundError(facts);
  if (/name .* is already taken/i.test(message)) return new RayActorNameTakenError(facts);
  return new RayRequestError(facts);
}

/** The same for what a unary call carries as its status text; nothing if it is something else. */
export function toRayErrorFromBase64(details: string): Error | undefined {
  if (!/^[A-Za-z0-9+/=]{8,}$/.test(details)) return undefined;
  try {
    return toRayError(readPickle(Buffer.from(details, "base64")));
  } catch {
    return undefined; // only looked like it
  }
}

function toTaskError(value: PyObject, facts: RemoteFacts): RayError {
  const state = stateOf(value);
  const cause = state.get("cause") ?? value.args[2];
  if (cause instanceof PyObject && isRayException(cause) && factsOf(cause).pythonType === "TaskCancelledError") return new RayTaskCancelledError(factsOf(cause)); // up to 2.43
  const [functionName, traceback] = value.args;
  const [pid, ip] = [state.get("pid") ?? value.args[4], state.get("ip") ?? value.args[5]];
  const text = textOf(state.get("traceback_str")) ?? textOf(traceback) ?? "";
  const thrown = thrownBy(text);
  return new RayTaskError(
    { pythonType: thrown.pythonType || facts.pythonType, message: thrown.message, remoteTraceback: text },
    { functionName: textOf(state.get("function_name")) ?? textOf(functionName) ?? "", ...(typeof pid === "number" ? { pid } : {}), ...(typeof ip === "string" ? { ip } : {}) },
  );
}

/** Class and message: they begin in the first line after the frames, which are indented, of the innermost traceback. */
function thrownBy(traceback: string): { pythonType: string; message: string } {
  const lines = traceback.trimEnd().split("\n");
  const header = lines.findLastIndex((line) => /^\s*Traceback \(most recent call last\)|^\S*ray::/.test(line));
  const first = lines.findIndex((line, i) => i > header && /^\S/.test(line));
  const text = lines.slice(Math.max(0, first)).join("\n");
  const found = /^(?:[A-Za-z_][\w.]*\.)?([A-Za-z_]\w*)(?:: ?([^]*))?$/.exec(text);
  return { pythonType: found?.[1] ?? "", message: (found ? found[2] ?? "" : text).trim() };
}

function factsOf(value: unknown): RemoteFacts {
  if (!(value instanceof PyObject)) return { pythonType: "Exception", message: textOf(value) ?? "an exception that cannot be read", remoteTraceback: "" };
  const pythonType = value.callee instanceof PyGlobal ? value.callee.name.split(".").at(-1)! : "Exception";
  const message = textsOf(value).join("; ").trim();
  return { pythonType, message: messageOf(message), remoteTraceback: hasTraceback(message) ? message : "" };
}

const hasTraceback = (text: string): boolean => text.includes("Traceback (most recent call last)") || text.includes('  File "');

/** A message that holds a traceback is told by its first and last lines. */
function messageOf(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.length <= 12 ? text : [...lines.slice(0, 3), "…", ...lines.slice(-3)].join("\n");
}

/** All text that an exception carries: in its arguments, then in its attributes, each once. */
function textsOf(value: PyObject): string[] {
  const found = new Set<string>();
  const visit = (part: unknown, depth: number): void => {
    if (typeof part === "string" && part.trim() !== "" && !/^[0-9a-f]{32,}$/.test(part)) found.add(part);
    else if (depth > 3) return;
    else if (Array.isArray(part)) for (const item of part) visit(item, depth + 1);
    else if (part instanceof PyTuple) for (const item of part.items) visit(item, depth + 1);
    else if (part instanceof PyObject && !isClass(part)) for (const item of [...part.args, ...stateOf(part).values()]) visit(item, depth + 1);
  };
  visit(value, 0);
  return [...found].slice(0, 5);
}

const isClass = ({ callee }: PyObject): boolean => callee instanceof PyGlobal && /skeleton_class|_fill_function|_make_function/.test(callee.name);

const stateOf = ({ state }: PyObject): ReadonlyMap<unknown, unknown> => (state instanceof Map ? state : new Map());

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
