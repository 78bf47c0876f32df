// The part of an environment that builds: sources, futures, services. How it runs is the business of its heirs.

import { GraphBuilder } from "./builder.ts";
import type { CollectFeed } from "./collected.ts";
import type { BatchFunction, Idle, SourceFunction, FunctionContext } from "./functions.ts";
import { InvalidOperatorError } from "./errors.ts";
import { isFunctionClass, toUserFunction, type Graph, type OperatorOptions } from "./graph.ts";
import { checkOptions, csvOptions } from "./known-options.ts";
import { mistakeIn, type ServiceOptions, type ServiceRef } from "./services.ts";
import { installedHost } from "./host.ts";
import { FutureStream, Stream } from "./stream.ts";

type ClassOf<I> = new (...args: never[]) => I;
type Args<C> = C extends new (...args: infer A) => unknown ? A : never;
type BatchOutput<C> = C extends ClassOf<{ execute(): infer R }> ? Exclude<Awaited<R>, null | undefined | Idle> : never;
type Produced<R> = R extends AsyncIterable<infer O> ? O : R extends Iterable<infer O> ? (R extends string ? R : O) : Exclude<Awaited<R>, null | undefined | Idle>;

export interface FileOptions extends OperatorOptions {
  /** Default: by the file name's ending (.jsonl, .ndjson, .csv, .tsv, .parquet; else text), `.gz` aside. */
  readonly format?: "jsonl" | "csv" | "text" | "parquet";
  /** Only these columns (CSV and Parquet). */
  readonly columns?: readonly string[];
  readonly csv?: {
    readonly delimiter?: string;
    /** Whether the first line names the columns (default), or their names. */
    readonly header?: true | readonly string[];
    readonly types?: Readonly<Record<string, "string" | "number" | "boolean" | "date">>;
    /** Whether quoted values may hold line breaks (default false: an error names the line). With it, a file is read by one instance. */
    readonly multiline?: boolean;
  };
  readonly parquet?: { readonly int64?: "number" | "bigint" };
}

export interface EnvironmentOptions {
  /** Default parallelism of operators; sources have 1. Default 1. */
  readonly parallelism?: number;
  /** Defaults of the pipeline's parameters; `--param k=v` goes before them. The same on every worker: `env.params`. */
  readonly params?: Readonly<Record<string, string | number | boolean>>;
}

/** A pipeline being built. `LocalEnvironment` and `RemoteEnvironment` add how it runs. */
export class PipelineBuilder {
  readonly name: string;
  readonly parallelism: number;
  readonly params: Readonly<Record<string, string | number | boolean>>;
  protected readonly builder = new GraphBuilder();

  constructor(name: string, options: EnvironmentOptions = {}) {
    if (typeof name !== "string" || name.length === 0 || name.length > 200) {
      throw new InvalidOperatorError(String(name).slice(0, 40), "an environment needs a name of 1 to 200 characters");
    }
    const outside = installedHost()?.overrides;
    this.name = name;
    this.parallelism = outside?.parallelism ?? options.parallelism ?? 1;
    this.params = { ...options.params, ...outside?.params };
  }

  /**
   * A bounded source: a class (null or undefined from its `execute` ends the input), a function called until it returns
   * null or undefined, a generator function, or an array, in which null is a record like any other.
   */
  fromBatch<T>(records: readonly T[], options?: OperatorOptions): Stream<T>;
  fromBatch<R>(fn: (ctx: FunctionContext) => R, options?: OperatorOptions): Stream<Produced<R>>;
  fromBatch<C extends ClassOf<BatchFunction<unknown>>>(make: C, ...args: Args<C>): Stream<BatchOutput<C>>;
  fromBatch(source: unknown, ...args: unknown[]): Stream<unknown> {
    return Array.isArray(source) ? this.fromIterable(source as unknown[], args[0] as OperatorOptions) : this.#source("batch", source, args);
  }

  /** A source that may say "nothing now" (`SourceFunction.IDLE`) and need not end; a class, function or generator function. */
  fromSource<R>(fn: (ctx: FunctionContext) => R, options?: OperatorOptions): Stream<Produced<R>>;
  fromSource<C extends ClassOf<SourceFunction<unknown>>>(make: C, ...args: Args<C>): Stream<BatchOutput<C>>;
  fromSource(source: unknown, ...args: unknown[]): Stream<unknown> {
    return this.#source("source", source, args);
  }

  /** Every element is a record, null too. Arrays are shipped to the workers; other iterables are made again there. */
  fromIterable<T>(records: Iterable<T> | AsyncIterable<T>, options: OperatorOptions = {}): Stream<T> {
    if (Array.isArray(records)) {
      return new Stream(this.builder, [{ node: this.builder.add("data", { options, data: records as unknown[] }) }]);
    }
    const iterable = records as Partial<Iterable<T> & AsyncIterable<T>> | null | undefined;
    if (typeof iterable?.[Symbol.iterator] !== "function" && typeof iterable?.[Symbol.asyncIterator] !== "function") {
      throw new InvalidOperatorError("fromIterable", `needs an iterable, got ${records === null ? "null" : typeof records}`);
    }
    return new Stream(this.builder, [{ node: this.builder.add("iterable", { options, fn: { form: "object", object: records } }) }]);
  }

  /** Reads files: paths or globs, relative to the working directory of the submitter. Split over the source's instances. */
  fromFile<T = Record<string, unknown>>(paths: string | readonly string[], options: FileOptions = {}): Stream<T> {
    const { format, columns, csv, parquet, ...operator } = options;
    const list = typeof paths === "string" ? [paths] : [...paths];
    if (list.length === 0) throw new InvalidOperatorError("fromFile", "needs at least one path");
    checkOptions("csv", csv, csvOptions);
    const given = Object.fromEntries(Object.entries({ columns, csv, parquet }).filter(([, value]) => value !== undefined));
    return new Stream(this.builder, [{ node: this.builder.add("file", { options: operator, settings: { paths: list, ...given, format: format ?? formatOf(list[0]!) } }) }]);
  }

  /** The head of a loop; close it with `stream.fillFuture(future)`. */
  fromFuture<T>(name: string): FutureStream<T> {
    return new FutureStream<T>(this.builder, this.builder.add("future", { options: { name } }), name);
  }

  /** Makes a service that operators call: `this.services.NAME.method(…)` or `ctx.service(ref).method(…)`. */
  registerService<C extends ClassOf<object>>(
    name: string, make: C, options: ServiceOptions = {}, ...args: Args<C>
  ): ServiceRef<InstanceType<C>> {
    if (!isFunctionClass(make, Object.getOwnPropertyNames((make as { prototype?: object }).prototype ?? {}))) {
      throw new InvalidOperatorError(name, "a service is a class with methods");
    }
    const mistake = mistakeIn(options);
    if (mistake !== undefined) throw new InvalidOperatorError(name, mistake);
    this.builder.addService({ name, make, args, options });
    return { name };
  }

  /** The caller's ends of the `collect()` operators so far. */
  collects(): readonly CollectFeed[] {
    return [...this.builder.collects.values()];
  }

  /** What was built so far. */
  graph(): Graph {
    return this.builder.graph(this.name, this.parallelism);
  }

  #source(kind: "batch" | "source", source: unknown, args: readonly unknown[]): Stream<unknown> {
    if (typeof source !== "function") {
      throw new InvalidOperatorError(kind === "batch" ? "fromBatch" : "fromSource", `needs a class, a function or a generator function, got ${source === null ? "null" : typeof source}`);
    }
    const fn = toUserFunction(source, args);
    const options = fn.form === "class" ? {} : ((args[0] as OperatorOptions | undefined) ?? {});
    return new Stream(this.builder, [{ node: this.builder.add(kind, { options, fn }) }]);
  }
}

function formatOf(path: string): NonNullable<FileOptions["format"]> {
  const ending = /\.(\w+)$/.exec(path.replace(/\.gz$/, ""))?.[1]?.toLowerCase();
  if (ending === "jsonl" || ending === "ndjson") return "jsonl";
  if (ending === "csv" || ending === "tsv") return "csv";
  return ending === "parquet" ? "parquet" : "text";
}
