// The static type of a loaded configuration: keys with a default and sections are always there, secrets are references.
// `fill` (fill.ts) does the same to values.
import type { Static, TArray, TObject, TOptional, TSchema, TUnion } from "@sinclair/typebox";
import type { SecretSchema } from "./key-kinds.ts";
import type { SecretRef } from "./secret-ref.ts";

type AlwaysThere<S> = S extends { readonly default: unknown } | TObject ? true : S extends TOptional<TSchema> ? false : true;

type FilledObject<P> = {
  readonly [K in keyof P as AlwaysThere<P[K]> extends true ? K : never]: Filled<P[K]>;
} & {
  readonly [K in keyof P as AlwaysThere<P[K]> extends true ? never : K]?: Filled<P[K]>;
};

export type Filled<S> = S extends SecretSchema
  ? SecretRef
  : S extends TObject<infer P>
    ? FilledObject<P>
    : S extends TArray<infer Item>
      ? readonly Filled<Item>[]
      : S extends TUnion<infer Members>
        ? { [I in keyof Members]: Filled<Members[I]> }[number]
        : S extends TSchema
          ? Static<S>
          : never;
