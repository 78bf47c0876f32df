// The reference of every key, made from the schema.
import { jsonSchema, type Dialect, type KeySchema } from "./json-schema.ts";
import { allowed } from "./validate.ts";

export interface KeyDoc {
  /** `ssh.workers[].host`, `clusters.NAME`. */
  readonly key: string;
  readonly isSection: boolean;
  readonly description: string;
  readonly allowed: string;
  readonly unit?: string;
  readonly default?: unknown;
  readonly example?: unknown;
  /** The environment variable that overrides it. */
  readonly variable?: string;
  readonly required: boolean;
  readonly deprecated: boolean;
}

/** Every key in the order of the schema. What a named cluster holds is not repeated. */
export function keyDocs(dialect: Dialect): KeyDoc[] {
  return below(dialect, jsonSchema(dialect), "");
}

function below(dialect: Dialect, schema: KeySchema, prefix: string): KeyDoc[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const key = prefix === "" ? name : `${prefix}.${name}`;
    return [docOf(dialect, key, child, schema.required?.includes(name) ?? false), ...inside(dialect, child, key)];
  });
}

function inside(dialect: Dialect, schema: KeySchema, key: string): KeyDoc[] {
  if (schema.secret || key === "clusters") return [];
  if (schema.properties) return below(dialect, schema, key);
  const list = [schema, ...(schema.anyOf ?? [])].find((form) => form.items);
  const item = list?.items;
  if (!item) return [];
  const section = [item, ...(item.anyOf ?? [])].find((form) => form.properties);
  return section ? below(dialect, section, `${key}[]`) : [];
}

function docOf(dialect: Dialect, key: string, schema: KeySchema, required: boolean): KeyDoc {
  const isSection = schema.properties !== undefined;
  const settable = dialect === "sage" && !isSection && !schema.deprecated && !key.includes("[]") && key !== "clusters";
  return {
    key,
    isSection,
    description: schema.description ?? "",
    allowed: allowed(schema),
    ...(schema.unit === undefined ? {} : { unit: schema.unit }),
    ...(schema.default === undefined ? {} : { default: schema.default }),
    ...(schema.examples?.[0] === undefined ? {} : { example: schema.examples[0] }),
    ...(settable ? { variable: `SAGE_${key.replaceAll(".", "_").toUpperCase()}` } : {}),
    required,
    deprecated: schema.deprecated ?? false,
  };
}

/** The reference as one text: headings for sections, a paragraph a key. */
export function configDocs(dialect: Dialect, format: "markdown" | "plain" = "markdown"): string {
  const schema = jsonSchema(dialect);
  const title = format === "markdown" ? `# ${schema.title ?? ""}: \`${schema.description ?? ""}\`\n` : `${schema.title ?? ""}: ${schema.description ?? ""}\n`;
  const parts = keyDocs(dialect).filter((doc) => !doc.deprecated);
  return `${title}\n${parts.map((doc) => (format === "markdown" ? markdownOf(doc) : plainOf(doc))).join("\n")}`;
}

function markdownOf(doc: KeyDoc): string {
  if (doc.isSection) return `\n## ${doc.key}\n\n${doc.description}\n`;
  return `- **\`${doc.key}\`** ${[doc.description, ...remarks(doc, (text) => `\`${text}\``)].join(" ")}`;
}

function plainOf(doc: KeyDoc): string {
  if (doc.isSection) return `\n${doc.key}: ${doc.description}`;
  return `  ${doc.key}\n      ${[doc.description, ...remarks(doc, (text) => text)].join("\n      ")}`;
}

function remarks(doc: KeyDoc, code: (text: string) => string): string[] {
  return [
    ...(doc.required ? ["Required."] : []),
    `Allowed: ${doc.allowed}.`,
    ...(doc.default === undefined ? [] : [`Default: ${code(JSON.stringify(doc.default))}${doc.unit === undefined ? "" : ` ${doc.unit}`}.`]),
    ...(doc.example === undefined ? [] : [`Example: ${code(JSON.stringify(doc.example))}.`]),
    ...(doc.variable === undefined ? [] : [`Variable: ${code(doc.variable)}.`]),
  ];
}

/** The JSON Schema as published, for editors. */
export function jsonSchemaText(dialect: Dialect): string {
  return `${JSON.stringify(jsonSchema(dialect), undefined, 2)}\n`;
}
