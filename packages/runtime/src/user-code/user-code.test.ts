import { afterEach, expect, test } from "vitest";
import { projectDirVariable } from "@sage/core";
import { compile, PipelineBuilder, type ParamValue } from "@sage/graph";
import type { Plan } from "@sage/protocol";
import { join } from "node:path";
import { bundled, temporaryDir } from "../testing/bundled-program.ts";
import { placeOf, userStack } from "../stack.ts";
import { importProgram } from "./import-program.ts";
import { writeProgram } from "./program-files.ts";
import { loadUserCode, type UserCodeOptions } from "./user-code.ts";

const argv = process.argv;
afterEach(() => {
  process.argv = argv;
});

function planOf(name: string, build: (env: PipelineBuilder) => void, parallelism = 1): Plan {
  const env = new PipelineBuilder(name, { parallelism });
  build(env);
  return compile(env.graph());
}

const twice = (env: PipelineBuilder) => { env.fromBatch([1, 2]).map(double).print(); };
const double = (value: number) => value * 2;

type Loading = Partial<Omit<UserCodeOptions, "program">> & { readonly main: string };

async function load({ main, ...options }: Loading) {
  await using project = await temporaryDir();
  await using dir = await temporaryDir();
  const program = await writeProgram(await bundled(project.path, main), join(dir.path, "program"));
  const defaults = { plan: planOf("doubled", twice), pipelineIndex: 0, argv: [], params: {} };
  try {
    using code = await loadUserCode({ ...defaults, program, ...options });
    return { code, sources: program.sources };
  } catch (error) {
    throw Object.assign(error as Error, { sources: program.sources });
  }
}

const prelude = `import { Environment, pipeline, MapFunction } from "@sage/pipeline";
const double = (value: number) => value * 2;
`;

test("a program's submit hands over its graph and never returns", async () => {
  const { code } = await load({ main: `${prelude}
    const env = new Environment("doubled");
    env.fromBatch([1, 2]).map(double).print();
    await env.submit();
    throw new Error("went on");` });
  expect(code.plan.fingerprint).toBe(planOf("doubled", twice).fingerprint);
  const fn = code.graph.nodes.find((node) => node.kind === "map")!.fn;
  expect(fn?.form === "function" && fn.call(21 as never)).toBe(42);
});

test("a submit from an async function that nobody awaits is found too", async () => {
  const { code } = await load({ main: `${prelude}
    async function main() {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const env = new Environment("doubled");
      env.fromBatch([1, 2]).map(double).print();
      await env.submit();
    }
    main();` });
  expect(code.plan.name).toBe("doubled");
});

test("a program that asks whether it is the main module is, where its project is on this host and where it is not", async () => {
  for (const isHere of [true, false]) {
    await using project = await temporaryDir();
    await using dir = await temporaryDir();
    const text = await bundled(project.path, `export const main = process.argv[1];`);
    const program = await writeProgram(text, join(dir.path, "program"));
    process.env[projectDirVariable] = isHere ? project.path : join(project.path, "elsewhere");
    try {
      expect((await importProgram(program))["main"]).toBe(isHere ? join(project.path, "examples/main.ts") : program.path);
    } finally {
      delete process.env[projectDirVariable];
    }
  }
});

test("a class that is not exported is found, with its constructor's arguments", async () => {
  class Times { factor: number; constructor(factor: number) { this.factor = factor; } execute(value: number) { return value * this.factor; } }
  const plan = planOf("classes", (env) => { env.fromBatch([1]).map(Times, 3).print(); });
  const { code } = await load({ plan, main: `${prelude}
    class Times extends MapFunction<number, number> { constructor(readonly factor: number) { super(); } execute(value: number) { return value * this.factor; } }
    const env = new Environment("classes");
    env.fromBatch([1]).map(Times, 3).print();
    await env.submit();` });
  const fn = code.graph.nodes.find((node) => node.kind === "map")!.fn!;
  expect(fn.form === "class" && (new fn.make(...(fn.args as never[])) as Times).execute(2)).toBe(6);
});

const two = `${prelude}
  const first = new Environment("first");
  const numbers = first.fromBatch([1, 2]).map(double).collect();
  const job = await first.submit();
  const result = await job.done({ timeoutMs: 1000 });
  const second = new Environment("second", { params: { status: result.status } });
`;

test("of several submits the wanted one is taken; earlier ones have completed", async () => {
  const plan = planOf("second", (env) => { env.fromBatch([3]).print(); });
  const { code } = await load({ plan, pipelineIndex: 1, main: `${two} second.fromBatch([3]).print(); await second.submit();` });
  expect([code.plan.name, code.params]).toEqual(["second", { status: "completed" }]);
});

test("reading an earlier submit's results is an error that says to use params", async () => {
  const main = `${two} second.fromBatch(await numbers.toArray()).print(); await second.submit();`;
  await expect(load({ pipelineIndex: 1, main })).rejects.toMatchObject({ code: "SAGE_RESULTS_ELSEWHERE", message: expect.stringContaining('"first"'), hint: expect.stringContaining("params") });
});

test("a module whose default export is a pipeline needs no submit", async () => {
  const plan = planOf("defined", (env) => { env.fromBatch([1, 2]).map(double).print(); });
  const params: Record<string, ParamValue> = { last: 2 };
  const { code } = await load({ plan, params, main: `${prelude}
    export default pipeline("defined", (env, params) => { env.fromBatch([1, params.last as number]).map(double).print(); });` });
  expect(code.graph.nodes[0]!.data).toEqual([1, 2]);
});

test("params and the parallelism come from the job, not from the program's defaults", async () => {
  const plan = planOf("wide", (env) => { env.fromBatch([1]).map(double).print(); }, 4);
  const { code } = await load({ plan, params: { days: 7 }, argv: ["--x"], main: `${prelude}
    const env = new Environment("wide", { parallelism: 2, params: { days: 1, region: process.argv.slice(2).join() } });
    env.fromBatch([1]).map(double).print();
    await env.submit();` });
  expect(code.params).toEqual({ days: 7, region: "--x" });
});

test("another pipeline than the submitted one names the operator", async () => {
  const main = `${prelude}
    const env = new Environment("doubled");
    env.fromBatch([1, 2]).map((value: number) => value * Math.random()).print();
    await env.submit();`;
  await expect(load({ main })).rejects.toMatchObject({ code: "SAGE_PLAN_MISMATCH", message: expect.stringContaining('not map "double"') });
});

test("a module that throws is explained, with the line of its source", async () => {
  const error = await load({ main: `${prelude}
const settings: { limit: number } | undefined = undefined as never;
export const limit =
  settings.limit;
` }).catch((each: unknown) => each as Error & { sources: never });
  expect(error).toMatchObject({ code: "SAGE_PROGRAM_THREW", fault: "user", hint: expect.stringContaining("open()"), message: expect.stringMatching(/\(examples\/main\.ts:6:12\): Cannot read/) });
  const stack = userStack(error, (error as { sources: never }).sources);
  expect(stack).toContain("at examples/main.ts:6:12");
  expect(stack).toContain("> 6 |   settings.limit;\n      |            ^");
  expect(stack).not.toMatch(/\/tmp|file:|program\.mjs|node:/);
});

test("a program that ends without a submit is an error, long before the deadline", async () => {
  await expect(load({ quietMs: 100, main: `${prelude} new Environment("x").fromBatch([1]).print();` }))
    .rejects.toMatchObject({ code: "SAGE_NEVER_SUBMITTED", message: expect.stringContaining("ended without calling submit()") });
});

test("a program with too few submits says how many there were", async () => {
  await expect(load({ quietMs: 100, pipelineIndex: 2, main: two })).rejects.toMatchObject({ message: expect.stringContaining("after 1 of the 3 submit() calls") });
});

test("a program that waits for nothing is an error", async () => {
  await expect(load({ quietMs: 100, main: `${prelude} await new Promise(() => {});` }))
    .rejects.toMatchObject({ code: "SAGE_NEVER_SUBMITTED", message: expect.stringContaining("waits for something that never comes") });
});

test("a program that is busy for too long hits the deadline", async () => {
  await expect(load({ deadlineMs: 200, main: `${prelude} await new Promise((resolve) => setTimeout(resolve, 1500));` }))
    .rejects.toMatchObject({ code: "SAGE_NEVER_SUBMITTED", message: expect.stringContaining("was not done within 200 ms") });
});

test("a bundle that is not the submitted one is refused", async () => {
  await using dir = await temporaryDir();
  const text = { bundle: Buffer.from("export {}"), bundleHash: "0".repeat(64) };
  await expect(writeProgram(text, dir.path)).rejects.toMatchObject({ code: "SAGE_PROGRAM_DAMAGED" });
});

test("an operator's error shows the user's line, through calls and causes", async () => {
  const { code, sources } = await load({ main: `${prelude}
function check(value: number): number {
  if (value > 1) throw new RangeError("too large");
  return value;
}
class Checked extends MapFunction<number, number> {
  execute(value: number) {
    try { return check(value); } catch (error) { throw new Error("checking failed", { cause: error }); }
  }
}
const env = new Environment("checked");
env.fromBatch([1, 2]).map(Checked).print();
await env.submit();
`, plan: planOf("checked", (env) => { env.fromBatch([1, 2]).map(Checked).print(); }) });
  const fn = code.graph.nodes.find((node) => node.kind === "map")!.fn!;
  const operator = fn.form === "class" ? (new fn.make() as Checked) : undefined;
  const error = ((): unknown => { try { return operator!.execute(5); } catch (each) { return each; } })();
  expect(placeOf(error, sources)).toBe("examples/main.ts:10:56");
  expect(userStack(error, sources)).toBe(`Error: checking failed
    at Checked.execute (examples/main.ts:10:56)

     9 |   execute(value: number) {
  > 10 |     try { return check(value); } catch (error) { throw new Error("checking failed", { cause: error }); }
       |                                                        ^
    11 |   }
caused by: RangeError: too large
    at check (examples/main.ts:5:24)
    at Checked.execute (examples/main.ts:10:18)`);
});

class Checked { execute(value: number): number { return value; } }
