// Gives a validated value its defaults, its empty sections, and its secrets as references. Types: filled.ts.
import { formFor, type KeySchema } from "./json-schema.ts";
import { secretRefOf, type SecretSetting } from "./secret-ref.ts";

export interface FillContext {
  /** The folder that paths in the value are relative to. */
  readonly baseDir: string;
  readonly env: NodeJS.ProcessEnv;
}

export function fill(schema: KeySchema, value: unknown, context: FillContext): unknown {
  if (schema.secret) return secretRefOf(value as SecretSetting, context.baseDir, context.env);
  const form = formFor(schema, value);
  if (Array.isArray(value)) return value.map((item) => fill(form.items ?? {}, item, context));
  if (form.properties) return fillSection(form.properties, value as Readonly<Record<string, unknown>>, context);
  return typeof value === "object" && value !== null ? { ...value } : value;
}

function fillSection(properties: Readonly<Record<string, KeySchema>>, value: Readonly<Record<string, unknown>>, context: FillContext): object {
  const filled: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const given = value[name];
    if (given !== undefined) filled[name] = fill(schema, given, context);
    else if (schema.default !== undefined) filled[name] = structuredClone(schema.default);
    else if (schema.properties) filled[name] = fillSection(schema.properties, {}, context);
  }
  return filled;
}
