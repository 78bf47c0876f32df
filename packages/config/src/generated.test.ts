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

test.for(["sage", "nokube"] as const)("every key of %s is described, and has a default or an example", (dialect) => {
  for (const doc of keyDocs(dialect)) {
    expect(doc.description, doc.key).toMatch(/.{8,}/);
    if (doc.isSection || doc.deprecated || ["nodes", "nodes[].users"].includes(doc.key) || doc.key === "ssh.workers") continue;
    expect(doc.default ?? doc.example, doc.key).toBeDefined();
  }
});

test.for(["sage", "nokube"] as const)("every default and example of %s is valid itself", (dialect) => {
  for (const doc of keyDocs(dialect).filter((one) => !one.key.includes("[]") && one.key !== "cluster")) {
    for (const value of [doc.default, doc.example]) {
      if (value === undefined) continue;
      const whole = doc.key.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
      const findings = validate(dialect, whole, { place: () => ({ path: "example" }) }).filter((finding) => finding.key !== "nodes");
      expect(findings, doc.key).toEqual([]);
    }
  }
});

test("the generated validator judges as ajv does with the whole schema", () => {
  const ajv = new Ajv({ allErrors: true, strict: false });
  const whole = ajv.compile(JSON.parse(JSON.stringify(sageSchema)) as object);
  const samples: unknown[] = [{}, { head: { host: "a", head_port: 1 } }, { head: { host: "a b" } }, { nope: 1 }, { clusters: { a: { ssh: { workers: [{ host: "x" }, "y:1", 3] } } } }, { daemon: { token: { env: "A" } } }, { daemon: { token: {} } }, [], "x", null];
  for (const sample of samples) {
    expect(validate("sage", sample, { place: () => ({ path: "x" }) }).length === 0, JSON.stringify(sample)).toBe(whole(sample));
  }
});
