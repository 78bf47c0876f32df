// Holds a value against a dialect's schema and says, for each place that does not fit, what was found and what is
// allowed. One finding a place: of a key with several forms (text or list) only the form that was begun is judged.
import { nearest } from "@sage/core";
import type { ConfigFinding } from "./errors.ts";
import { validateNokube, validateSage } from "./gen/validators.ts";
import { childOf, dotted, formFor, jsonSchema, typeOf, type Dialect, type KeyPath, type KeySchema } from "./json-schema.ts";
import { showValue } from "./show-value.ts";
import { walkKeys } from "./keys.ts";

/** Where a finding is placed: in a file at its line, or at a variable or a flag. */
export interface Locator {
  place(path: KeyPath, ofKey: boolean): Pick<ConfigFinding, "path" | "line" | "column">;
}

interface AjvProblem {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}
type Validator = ((value: unknown) => boolean) & { errors?: readonly AjvProblem[] | null };

const maxFindings = 1000;

const validators: Record<Dialect, Validator> = { sage: validateSage as Validator, nokube: validateNokube as Validator };

/** Every place of `value` that the schema refuses; empty when it fits. */
export function validate(dialect: Dialect, value: unknown, locator: Locator): ConfigFinding[] {
  const validator = validators[dialect];
  if (validator(value)) return [];
  const schema = jsonSchema(dialect);
  const findings = new Map<string, ConfigFinding>();
  const problems = (validator.errors ?? []).map((problem) => ({ ...problem, path: parsePointer(problem.instancePath, value) }));
  const counts = problemsBelow(problems);
  for (const problem of problems) {
    if (problem.keyword === "$ref" || isOtherForm(problem, counts, schema, value)) continue;
    if (findings.size >= maxFindings) break;
    const finding = findingOf(dialect, schema, value, problem, locator);
    if (!findings.has(`${finding.key}\n${finding.message}`)) findings.set(`${finding.key}\n${finding.message}`, finding);
  }
  return [...findings.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/** Of a key with several forms: the refusals by the forms that were not meant, and the summary over a form that was. */
function isOtherForm(problem: AjvProblem & { path: KeyPath }, counts: ReadonlyMap<string, number>, root: KeySchema, value: unknown): boolean {
  const here = schemaAt(root, value, problem.path);
  if (!here?.schema.anyOf) return false;
  if (problem.keyword === "type") return true;
  return problem.keyword === "anyOf" && formFor(here.schema, here.value) !== here.schema && (counts.get(problem.instancePath) ?? 0) > 1;
}

/** How many problems there are at each place and below it, but for wrong types. */
function problemsBelow(problems: readonly AjvProblem[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { instancePath, keyword } of problems) {
    if (keyword === "type") continue;
    for (let end = instancePath.length; end >= 0; end = end === 0 ? -1 : Math.max(0, instancePath.lastIndexOf("/", end - 1))) {
      const place = instancePath.slice(0, end);
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  }
  return counts;
}

function findingOf(dialect: Dialect, root: KeySchema, value: unknown, problem: AjvProblem & { path: KeyPath }, locator: Locator): ConfigFinding {
  const here = schemaAt(root, value, problem.path);
  if (problem.keyword === "additionalProperties") {
    const name = String(problem.params["additionalProperty"]);
    const path = [...problem.path, name];
    return { ...locator.place(path, true), key: dotted(path), ...unknownKey(dialect, here?.schema, here?.value, path) };
  }
  if (problem.keyword === "required") {
    const name = String(problem.params["missingProperty"]);
    const schema = childOf(here?.schema ?? {}, here?.value, name);
    return { ...locator.place(problem.path, true), key: dotted([...problem.path, name]), message: `is missing, allowed: ${allowed(schema ?? {})}` };
  }
  const schema = here?.schema ?? {};
  const found = schema.secret === true || here?.secret === true ? "a secret (not shown)" : showValue(here?.value);
  const form = formFor(schema, here?.value);
  const hint = hintFor(schema, here?.value);
  return { ...locator.place(problem.path, false), key: dotted(problem.path), message: `found ${found}, allowed: ${allowed(form.allowed === undefined ? schema : form)}`, ...(hint === undefined ? {} : { hint }) };
}

function unknownKey(dialect: Dialect, schema: KeySchema | undefined, value: unknown, path: KeyPath): { message: string; hint?: string } {
  const form = formFor(schema ?? {}, value);
  const name = String(path.at(-1));
  if (form.patternProperties) return { message: `found the name ${showValue(name)}, allowed: ${schema?.allowed ?? "another name"}` };
  const known = Object.keys(form.properties ?? {});
  const near = nearest(name, known);
  if (near !== undefined) return { message: "is not a known key", hint: `did you mean "${near}"?` };
  const elsewhere = walkKeys(dialect).find((key) => key.path.at(-1) === name);
  if (elsewhere) return { message: "is not a known key here", hint: `did you mean ${dotted(elsewhere.path)}?` };
  return { message: "is not a known key", hint: `known keys here: ${known.join(", ")}` };
}

function hintFor(schema: KeySchema, value: unknown): string | undefined {
  if (schema.enum && typeof value === "string") {
    const near = nearest(value, schema.enum.map(String));
    return near === undefined ? undefined : `did you mean "${near}"?`;
  }
  const wanted = schema.type ?? "";
  const mayBeText = wanted === "string" || schema.anyOf?.some((form) => form.type === "string");
  if (mayBeText && (typeof value === "number" || typeof value === "boolean")) return "write it in quotes";
  if ((wanted === "integer" || wanted === "number") && typeof value === "string" && /^-?[0-9.]+$/.test(value)) return "write it without quotes";
  if (wanted === "boolean" && typeof value === "string" && /^(yes|no|on|off|true|false)$/i.test(value)) return `did you mean ${/^(yes|on|true)$/i.test(value)}?`;
  return undefined;
}

/** What a key may hold, as part of a sentence: "a port: an integer from 1 to 65535". */
export function allowed(schema: KeySchema): string {
  if (schema.allowed !== undefined) return schema.allowed;
  if (schema.enum) return schema.enum.map(String).join(", ").replace(/, ([^,]*)$/, " or $1");
  if (schema.type === "integer" || schema.type === "number") {
    const kind = schema.type === "integer" ? "an integer" : "a number";
    return `${kind} from ${schema.minimum ?? "-∞"} to ${schema.maximum ?? "∞"}${schema.unit === undefined ? "" : ` (${schema.unit})`}`;
  }
  if (schema.type === "boolean") return "true or false";
  if (schema.type === "array") return "a list";
  return schema.type === "object" ? "a section of keys" : "text";
}

/** The schema and the value at a path, and whether the value is part of a secret. */
function schemaAt(root: KeySchema, value: unknown, path: KeyPath): { schema: KeySchema; value: unknown; secret: boolean } | undefined {
  let here = { schema: root, value, secret: false };
  for (const key of path) {
    const schema = childOf(here.schema, here.value, key);
    if (!schema) return undefined;
    const container = here.value as Readonly<Record<string | number, unknown>>;
    here = { schema, value: container[key], secret: here.secret || here.schema.secret === true };
  }
  return here;
}

/** A JSON pointer as a path; a number where the value there is a list. */
function parsePointer(pointer: string, value: unknown): KeyPath {
  const path: (string | number)[] = [];
  let here = value as Readonly<Record<string | number, unknown>>;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const key = typeOf(here) === "array" ? Number(name) : name;
    path.push(key);
    here = here[key] as Readonly<Record<string | number, unknown>>;
  }
  return path;
}
