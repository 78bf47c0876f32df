// The logical graph: what a program built, with its functions. It runs nothing and knows nothing of chains.
//
// Invariants:
//   G1. A node's inputs name nodes of the same graph; only a future's input may name a later one.
//   G2. The graph is plain data and functions: any copy of this package can read it.

import type { ErrorPolicy, NodeKind, Partitioning, Resources } from "@sage/protocol/records";
import type { ServiceOptions } from "./services.ts";

export type Constructor<T = unknown> = new (...args: never[]) => T;
export type AnyFunction = (...args: never[]) => unknown;

/** The user's code of an operator. */
export type UserFunction =
  | { readonly form: "class"; readonly make: Constructor; readonly args: readonly unknown[] }
  | { readonly form: "function"; readonly call: AnyFunction }
  | { readonly form: "object"; readonly object: object };

export interface OperatorOptions {
  /** Parallel instances; default: the environment's, for sources 1. */
  readonly parallelism?: number;
  /** Shown everywhere, and the stable identity of the operator's state. Must be unique. */
  readonly name?: string;
  /** Records at once through an async function; default 1. */
  readonly concurrency?: number;
  /** Whether concurrent results keep the order of their records; default true. */
  readonly ordered?: boolean;
  /** What happens to a record on which the function throws; default: the job fails. */
  readonly onError?: ErrorPolicy;
  /**
   * What each instance needs of its host, on a cluster of several: cpus (default 1), gpus, memoryBytes, custom. The
   * operators of one worker share it: a worker asks for the most that any operator with an instance there asks for.
   */
  readonly resources?: Resources;
  /**
   * Its instances run in workers apart from those of other operators: on Ray, with `LocalEnvironment(name, { ray })`.
   * A pipeline that runs in this process keeps it here.
   */
  readonly remote?: boolean;
}

export interface NodeInput {
  readonly from: string;
  readonly port: number;
  readonly partitioning: Partitioning | "default";
  /** Selects the key; with `hash` it also spreads the records. */
  readonly key?: UserFunction;
  readonly tag?: string;
  readonly feedback?: boolean;
}

export interface GraphNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly options: OperatorOptions;
  readonly inputs: readonly NodeInput[];
  /** The user's code; absent where the kind needs none. */
  readonly fn?: UserFunction;
  /** Further code by its part in the kind: a window's trigger, a stream's watermark generator. */
  readonly more?: Readonly<Record<string, UserFunction>>;
  /** Settings of the kind: a file source's paths, a join's type, the emit mode of an aggregate. Plain data. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Records given as an array; shipped as data. */
  readonly data?: readonly unknown[];
  /** `file:line:column` of the call that made it, as far as known. */
  readonly origin?: string;
}

export interface GraphService {
  readonly name: string;
  readonly make: Constructor;
  readonly args: readonly unknown[];
  readonly options: ServiceOptions;
}

export interface Graph {
  readonly version: 1;
  readonly name: string;
  /** Default parallelism of operators that are not sources. */
  readonly parallelism: number;
  readonly nodes: readonly GraphNode[];
  readonly services: readonly GraphService[];
}

/** Whether a value is a class to be made per instance: a constructor whose prototype has one of these methods. */
export function isFunctionClass(value: unknown, methods: readonly string[] = ["execute"]): value is Constructor {
  if (typeof value !== "function") return false;
  const prototype = (value as { prototype?: Record<string, unknown> }).prototype;
  return prototype !== undefined && prototype !== null && methods.some((method) => typeof prototype[method] === "function");
}

/** A sink class with its arguments, as functions like `fileSink` give it to `stream.sink`. */
export interface ReadySink<T> {
  readonly make: Constructor;
  readonly args: readonly unknown[];
  /** Never there: carries the type of the records. */
  readonly type?: (record: T) => void;
}

export const isReadySink = (value: unknown): value is ReadySink<never> =>
  typeof value === "object" && value !== null && isFunctionClass((value as Partial<ReadySink<never>>).make);

/** The form in which a graph keeps a user's class (with its constructor's arguments), function or object of methods. */
export function toUserFunction(value: unknown, args: readonly unknown[], methods?: readonly string[]): UserFunction {
  if (isFunctionClass(value, methods)) return { form: "class", make: value, args };
  if (typeof value === "function") return { form: "function", call: value as AnyFunction };
  return { form: "object", object: value as object };
}

/** A short name of the user's code: its class or function name, or nothing. */
export function nameOf(fn: UserFunction | undefined): string {
  if (fn?.form === "class") return fn.make.name;
  if (fn?.form === "function") return fn.call.name;
  return "";
}
