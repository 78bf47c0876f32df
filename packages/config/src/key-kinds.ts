// The kinds of keys that both dialects are written in. Each is a TypeBox schema, so that one definition gives the
// validator, the static type, the reference and the published JSON Schema.
//
// Beyond JSON Schema's own words a key may carry:
//   unit     what a number counts ("seconds", "bytes")
//   allowed  the sentence part that an error shows after "allowed:"
//   secret   the value is never shown
// This module and the schemas are loaded by the generator and by tests only: TypeBox costs 65 ms to import. At run
// time the generated JSON (`gen/schemas.ts`) is read instead.
import { Type, type SchemaOptions, type TObject, type TOptional, type TProperties, type TSchema, type TUnsafe } from "@sinclair/typebox";
import { cpuCount, environmentName, hostName, hostPort, hostPortList, localPath, memorySize, oneLine, portRange, program, remotePath, userName } from "./patterns.ts";
import type { SecretSetting } from "./secret-ref.ts";

export interface KeyNotes extends SchemaOptions {
  readonly description: string;
  readonly unit?: string;
  readonly allowed?: string;
  readonly secret?: true;
  /** Accepted from older files, without effect. */
  readonly deprecated?: true;
}

/** A key that always has a value after loading. */
export type Defaulted<S extends TSchema> = TOptional<S> & { readonly default: unknown };

export type SecretSchema = TUnsafe<SecretSetting> & { readonly secret: true };

const matched = (pattern: string, allowed: string, notes: KeyNotes) => Type.String({ pattern, allowed, ...notes });

export const host = (notes: KeyNotes) => matched(hostName, "a host name or an IP address", notes);
export const user = (notes: KeyNotes) => matched(userName, "a login name: letters, digits, `.`, `_`, `-`", notes);
export const address = (notes: KeyNotes) => matched(hostPort, 'HOST, HOST:PORT or USER@HOST:PORT (IPv6 as "[::1]:22")', notes);
export const addressList = (notes: KeyNotes) =>
  matched(hostPortList, 'HOST[:PORT] separated by commas, such as "sage2:22,sage4:22"', notes);
export const pathHere = (notes: KeyNotes) => matched(localPath, "a path without control characters", notes);
export const pathThere = (notes: KeyNotes) => matched(remotePath, "an absolute path, or one that starts with ~/", notes);
export const programThere = (notes: KeyNotes) => matched(program, "a program's name, or its absolute path", notes);
export const condaName = (notes: KeyNotes) => matched(environmentName, "the name or path of a conda environment", notes);
export const words = (notes: KeyNotes) => matched(oneLine, "one line of text", notes);
export const port = (notes: KeyNotes) => integer(1, 65_535, { allowed: "a port: an integer from 1 to 65535", ...notes });
export const ports = (notes: KeyNotes) => matched(portRange, "a range of ports such as 20000-20999", notes);
export const flag = (notes: KeyNotes) => Type.Boolean(notes);

export function integer(minimum: number, maximum: number, notes: KeyNotes) {
  return Type.Integer({ minimum, maximum, ...notes });
}

export function choice<const T extends readonly string[]>(values: T, notes: KeyNotes): TUnsafe<T[number]> {
  return Type.Unsafe<T[number]>({ type: "string", enum: [...values], ...notes });
}

/** A size in bytes: a number, or text with a unit. */
export function bytes(notes: KeyNotes): TUnsafe<number | string> {
  const allowed = 'bytes as an integer, or text such as "4GiB" or "500MB"';
  return Type.Unsafe<number | string>({
    anyOf: [{ type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, { type: "string", pattern: memorySize }],
    unit: "bytes",
    allowed,
    ...notes,
  });
}

export function amount(notes: KeyNotes) {
  return Type.Number({ minimum: 0, maximum: cpuCount, allowed: "a number from 0 to 100000", ...notes });
}

/** A secret: its text, or better `{ env: NAME }` or `{ file: PATH }`. */
export function secret(notes: KeyNotes): SecretSchema {
  const schema = {
    anyOf: [
      { type: "string", pattern: "^[^\\u0000]{1,65536}$" },
      {
        type: "object",
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
        properties: {
          env: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_]{0,127}$", allowed: "the name of an environment variable", description: "The environment variable that holds the secret." },
          file: { type: "string", pattern: localPath, allowed: "a path without control characters", description: "The file that holds the secret, mode 0600." },
        },
      },
    ],
    allowed: "text, { env: NAME } or { file: PATH }",
    secret: true,
    ...notes,
  };
  return Type.Unsafe<SecretSetting>(schema) as SecretSchema;
}

/** Text or a list: `list` items, or the same written in one line. */
export function either<A extends TSchema, B extends TSchema>(one: A, other: B, notes: KeyNotes) {
  return Type.Union([one, other], notes);
}

export function listOf<S extends TSchema>(item: S, notes: KeyNotes) {
  return Type.Array(item, { maxItems: 10_000, ...notes });
}

/** Names of the user's choice to values of one kind. Names hold no dot, so that dotted keys stay unambiguous. */
export function namesTo<S extends TSchema>(value: S, notes: KeyNotes) {
  const name = Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$" });
  return Type.Record(name, value, { additionalProperties: false, allowed: "names of letters, digits, `_` and `-`", ...notes });
}

export function section<P extends TProperties>(properties: P, notes: KeyNotes): TObject<P> {
  return Type.Object(properties, { additionalProperties: false, allowed: "a section of keys", ...notes });
}

export function optional<S extends TSchema>(schema: S): TOptional<S> {
  return Type.Optional(schema) as TOptional<S>;
}

/** The same key, with the value it has when nobody sets it. */
export function withDefault<S extends TSchema>(schema: S, value: S["static"]): Defaulted<S> {
  return Type.Optional({ ...schema, default: value }) as Defaulted<S>;
}
