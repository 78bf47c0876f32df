// What is made from the schemas: the published JSON files, the same as modules, and the validators as plain code, so
// that neither TypeBox (65 ms) nor ajv (30 to 50 ms) is loaded by a command. Used by scripts/generate.mjs and its test.
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { nokubeSchema } from "./nokube-schema.ts";
import { sageSchema } from "./sage-schema.ts";

const note = "// Made by scripts/generate.mjs from the schemas beside this folder; not to be edited.";

/** Words that describe a key and do not judge a value. */
const remarks = new Set(["unit", "allowed", "secret", "deprecated", "description", "title", "default", "examples", "$schema"]);

/** Path below the package → text. */
export function generatedFiles(): Map<string, string> {
  const sage = plain(sageSchema);
  const nokube = plain(nokubeSchema);
  return new Map([
    ["sage.schema.json", `${JSON.stringify(sage, undefined, 2)}\n`],
    ["nokube.schema.json", `${JSON.stringify(nokube, undefined, 2)}\n`],
    ["src/gen/schemas.ts", schemasModule({ sageJsonSchema: sage, nokubeJsonSchema: nokube })],
    ["src/gen/validators.ts", validatorsModule({ validateSage: sage, validateNokube: nokube })],
  ]);
}

function schemasModule(schemas: Record<string, object>): string {
  const constants = Object.entries(schemas).map(([name, schema]) => `export const ${name}: KeySchema = ${JSON.stringify(schema)};\n`);
  return `${note}\nimport type { KeySchema } from "../json-schema.ts";\n\n${constants.join("\n")}`;
}

function validatorsModule(schemas: Record<string, object>): string {
  const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, messages: false, inlineRefs: false, code: { source: true, esm: true } });
  const exported: Record<string, string> = {};
  for (const [name, schema] of Object.entries(schemas)) {
    ajv.addSchema({ ...sharing(schema), $id: name });
    exported[name] = name;
  }
  const code = (standalone as unknown as { default: (ajv: Ajv, names: Record<string, string>) => string }).default(ajv, exported);
  return `// @ts-nocheck\n${note}\n/* eslint-disable */\n${code}\n`;
}

/** The schema without its remarks, each part that occurs again as a reference: the code becomes a sixth. */
function sharing(schema: object): object {
  const definitions: Record<string, object> = {};
  const names = new Map<string, string>();
  const share = (part: unknown, isSchema: boolean): unknown => {
    if (Array.isArray(part)) return part.map((one) => share(one, true));
    if (typeof part !== "object" || part === null) return part;
    const kept = Object.entries(part).filter(([key]) => !isSchema || !remarks.has(key));
    const copy = Object.fromEntries(kept.map(([key, value]) => [key, share(value, !key.endsWith("roperties"))]));
    const text = JSON.stringify(copy);
    if (!isSchema || text.length < 60) return copy;
    const name = names.get(text) ?? `part${names.size}`;
    names.set(text, name);
    definitions[name] = copy;
    return { $ref: `#/definitions/${name}` };
  };
  return { ...(share(schema, true) as object), definitions };
}

/** Without TypeBox's symbols: they are not part of the schema. */
function plain(schema: object): object {
  return JSON.parse(JSON.stringify(schema)) as object;
}
