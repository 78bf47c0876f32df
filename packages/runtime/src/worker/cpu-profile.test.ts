import { MapFunction, PipelineBuilder, compile } from "@sage/graph";
import { expect, test } from "vitest";
import { gunzipSync } from "node:zlib";
import { projectSources } from "../user-sources.ts";
import { takeProfile } from "./cpu-profile.ts";

class Slow extends MapFunction<number, number> {
  execute(value: number): number {
    let sum = value;
    for (let i = 0; i < 2_000; i++) sum += Math.sqrt(i);
    return sum;
  }
}

class Slower extends Slow {}

const lightly = (value: number) => Math.sqrt(value);

test("a profile names an operator's method with its class, and says how long the code of each operator ran", async () => {
  const env = new PipelineBuilder("profiled");
  env.fromIterable([1]).map(Slower).with({ name: "think" }).map(lightly).map((value) => value + 1).with({ name: "unnamed" }).print();
  const graph = env.graph();
  const [slower, unnamed] = [new Slower(), (graph.nodes.find(({ options }) => options.name === "unnamed")!.fn as unknown as { call: typeof lightly }).call];
  let isOver = false;
  const chain = (records: number) => {
    for (let i = 0; i < records; i++) slower.execute(lightly(unnamed(i)));
  };
  for (let i = 0; i < 1_000; i++) chain(20); // until it is compiled as one
  const run = () => {
    chain(20);
    if (!isOver) setImmediate(run);
  };
  run();
  const { profile, error } = await takeProfile({ id: 1, durationMs: 1_000 }, { sources: projectSources(import.meta.dirname), graph, plan: compile(graph) });
  isOver = true;
  expect(error).toBeUndefined();
  const { operators = [], functions = [], cpuprofileGzip } = profile!;
  expect(operators.map(({ name }) => name).slice(0, 1)).toEqual(["think"]);
  const msOf = (operator: string) => Number(operators.find(({ name }) => name === operator)?.totalMs ?? 0);
  expect(msOf("think")).toBeGreaterThan((msOf("lightly") + msOf("unnamed")) * 5);
  const { nodes } = JSON.parse(gunzipSync(cpuprofileGzip as Buffer).toString()) as { nodes: { callFrame: { functionName: string; url: string } }[] };
  expect(nodes.find(({ callFrame }) => callFrame.functionName === "Slower.execute")?.callFrame.url).toBe("cpu-profile.test.ts");
  expect(functions.find(({ name }) => name === "Slower.execute")).toMatchObject({ isUsers: true });
});
