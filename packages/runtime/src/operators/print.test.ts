import { expect, test } from "vitest";
import { deferred } from "@sage/core";
import { PipelineBuilder } from "@sage/graph";
import { openInProcess } from "../in-process.ts";

test("print waits for whoever takes its lines", async () => {
  const env = new PipelineBuilder("printing");
  env.fromBatch(Array.from({ length: 1_000 }, (_, n) => n)).print("line");
  const lines: string[] = [];
  const gate = deferred();
  const stopped = deferred();
  const onPrint = (_operator: string, _index: number, text: string) => {
    lines.push(text);
    if (lines.length !== 10) return undefined;
    stopped.resolve();
    return gate.promise;
  };
  await using engine = await openInProcess(env.graph(), { hooks: { onPrint } });
  const done = engine.run();
  await stopped.promise;
  await new Promise(setImmediate);
  expect(lines.length).toBe(10);
  gate.resolve();
  await done;
  expect(lines).toEqual(Array.from({ length: 1_000 }, (_, n) => `line ${n}`));
});
