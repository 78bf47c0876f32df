import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { generatedFiles } from "./generated.ts";
import { keyDocs, jsonSchemaText } from "./docs.ts";
import { sageSchema } from "./sage-schema.ts";
import { validate } from "./validate.ts";

const root = new URL("..", import.meta.url);

test.for([...generatedFiles()])("%s is what the schemas say; else run scripts/generate.mjs", async ([name, text]) => {
  expect(await readFile(fileURLToPath(new URL(name, root)), "utf8")).toBe(text);
});

test("the published schema is the one that commands print", async () => {
  expect(jsonSchemaText("sage")).toBe(await readFile(fileURLToPath(new URL("sage.schema.json", root)), "utf8"));
  expect(jsonSchemaText("nokube")).toBe(await readFile(fileURLToPath(new URL("nokube.schema.json", root)), "utf8"));
});

const withoutExample = ["nodes", "nodes[].users", "ssh.workers"];

test.for(["sage", "nokube"] as const)("every key of %s is described, and has a default or an example", (dialect) => {
  const docs = keyDocs(dialect);
  const keys = docs.filter((doc) => !doc.isSection && !doc.deprecated && !withoutExample.includes(doc.key));
  expect(docs.filter((doc) => doc.description.length < 8)).toEqual([]);
  expect(keys.filter((doc) => doc.default === undefined && doc.example === undefined)).toEqual([]);
});

test.for(["sage", "nokube"] as const)("every default and example of %s is valid itself", (dialect) => {
  const settable = keyDocs(dialect).filter((doc) => !doc.key.includes("[]"));
  const samples = settable.flatMap((doc) => [doc.default, doc.example].filter((value) => value !== undefined).map((value) => ({ key: doc.key, value })));
  const refused = samples.flatMap(({ key, value }) => {
    const whole = key.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
    return validate(dialect, whole, { place: () => ({ path: "example" }) }).filter((finding) => finding.key !== "nodes");
  });
  expect(refused).toEqual([]);
  expect(samples.length).toBeGreaterThan(0);
});

test("the generated validator judges as ajv does with the whole schema", () => {
  const ajv = new Ajv({ allErrors: true, strict: false });
  const whole = ajv.compile(JSON.parse(JSON.stringify(sageSchema)) as object);
  const samples: unknown[] = [{}, { head: { host: "a", head_port: 1 } }, { head: { host: "a b" } }, { nope: 1 }, { clusters: { a: { ssh: { workers: [{ host: "x" }, "y:1", 3] } } } }, { daemon: { token: { env: "A" } } }, { daemon: { token: {} } }, [], "x", null];
  const ours = samples.map((sample) => validate("sage", sample, { place: () => ({ path: "x" }) }).length === 0);
  expect(ours).toEqual(samples.map((sample) => whole(sample)));
  expect(new Set(ours).size).toBe(2);
});
