import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleProgram } from "@sage/jobmanager-client/bundle";
import { expect, test } from "vitest";
import * as forPrograms from "./index.ts";
import * as forWorkers from "./in-worker.ts";

const fixture = (name: string) => join(fileURLToPath(new URL("../fixtures", import.meta.url)), `${name}.ts`);

test("workers and programs see the same names", () => {
  expect(Object.keys(forWorkers).sort()).toEqual(Object.keys(forPrograms).sort());
});

test("a program's bundle carries the API only: no client, no bundler, no runtime", async () => {
  const { code, warnings } = await bundleProgram(fixture("five"));
  const text = Buffer.from(code).toString();
  expect(code.length).toBeLessThan(40_000);
  expect(text).not.toMatch(/grpc|esbuild|msgpackr|hyparquet|default-host/);
  expect(warnings).toEqual([]);
});

test("what users' bundles take is one file with all of these names", async () => {
  const built = new URL("../dist/in-worker.mjs", import.meta.url).href;
  expect(Object.keys((await import(/* @vite-ignore */ built)) as object).sort()).toEqual(Object.keys(forWorkers).sort());
  expect(readFileSync(new URL(built), "utf8")).not.toMatch(/\bfrom ?"(?!node:)|\bimport ?\("(?!node:)/);
});

test("where pipelines are only built, submit() says so", async () => {
  const { hostInUse } = await import("./host-in-use.ts?alone" as "./host-in-use.ts");
  await expect(hostInUse()).rejects.toMatchObject({ code: "SAGE_NO_HOST" });
});
