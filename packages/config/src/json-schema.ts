// The part of JSON Schema that our schemas use, as plain data, and the ways to walk it.
import { nokubeJsonSchema, sageJsonSchema } from "./gen/schemas.ts";

export interface KeySchema {
  readonly $schema?: string;
  readonly title?: string;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly unit?: string;
  readonly allowed?: string;
  readonly secret?: boolean;
  readonly deprecated?: boolean;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly patternProperties?: Readonly<Record<string, KeySchema>>;
  readonly additionalProperties?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly items?: KeySchema;
  readonly anyOf?: readonly KeySchema[];
}

export type Dialect = "sage" | "nokube";
export type KeyPath = readonly (string | number)[];

/** The published JSON Schema of a dialect, as data. The files in the package hold the same. */
export function jsonSchema(dialect: Dialect): KeySchema {
  return dialect === "sage" ? sageJsonSchema : nokubeJsonSchema;
}

/** The JSON Schema type of a value. */
export function typeOf(value: unknown): "null" | "array" | "object" | "string" | "number" | "boolean" | "other" {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  return type === "object" || type === "string" || type === "number" || type === "boolean" ? type : "other";
}

/** Of a schema with several forms, the one that a value of this type is held to. */
export function formFor(schema: KeySchema, value: unknown): KeySchema {
  const type = typeOf(value);
  const form = schema.anyOf?.find((one) => one.type === type || (one.type === "integer" && type === "number"));
  return form ?? schema;
}

/** The schema below `schema` that holds for one key or index of `value`. */
export function childOf(schema: KeySchema, value: unknown, key: string | number): KeySchema | undefined {
  const form = formFor(schema, value);
  if (typeof key === "number") return form.items;
  if (form.properties && Object.hasOwn(form.properties, key)) return form.properties[key];
  const named = Object.entries(form.patternProperties ?? {}).find(([pattern]) => new RegExp(pattern, "u").test(key));
  return named?.[1];
}

/** A key's path as people write it: `clusters.prod.ssh.workers.1.port`. */
export function dotted(path: KeyPath): string {
  return path.join(".");
}
