import { describe, expect, test } from "vitest";
import { KeyByFunction, MapFunction, PipelineBuilder, SinkFunction } from "@sage/graph";
import { openInProcess, runInProcess } from "./in-process.ts";
import { numbersTo, runPipeline, turn } from "./testing/pipeline-run.ts";

/** Classes that write down what happens to them. */
function diary() {
  const lines: string[] = [];
  class Step extends MapFunction<number, number> {
    readonly #name: string;
    constructor(name: string) {
      super();
      this.#name = name;
    }
    override async open() {
      await turn();
      lines.push(`open ${this.#name}${this.ctx.parallelIndex}`);
    }
    execute(value: number) {
      lines.push(`execute ${this.#name}${this.ctx.parallelIndex}`);
      return value;
    }
    override async close() {
      await turn();
      lines.push(`close ${this.#name}${this.ctx.parallelIndex}`);
    }
  }
  class End extends SinkFunction<number> {
    override open() {
      lines.push("open end");
    }
    execute(value: number) {
      if (value < 0) throw new Error("negative");
      lines.push("execute end");
    }
    override async close() {
      await turn();
      lines.push("close end");
    }
  }
  return { lines, Step, End };
}

test("all functions open before the first record, in order, and close behind the last one", async () => {
  const { lines, Step, End } = diary();
  await runPipeline((env) => void env.fromIterable([1]).map(Step, "a").map(Step, "b").sink(End));
  expect(lines).toEqual(["open a0", "open b0", "open end", "execute a0", "execute b0", "execute end", "close a0", "close b0", "close end"]);
});

test("open of every instance comes before the first record of any", async () => {
  const { lines, Step, End } = diary();
  await runPipeline((env) => void env.fromIterable(numbersTo(10)).map(Step, "a").with({ parallelism: 3 }).sink(End));
  expect(lines.findLastIndex((line) => line.startsWith("open"))).toBeLessThan(lines.findIndex((line) => line.startsWith("execute")));
  expect(lines.filter((line) => line.startsWith("close a")).toSorted()).toEqual(["close a0", "close a1", "close a2"]);
});

test("a failure closes everything, each exactly once", async () => {
  const { lines, Step, End } = diary();
  await expect(runPipeline((env) => void env.fromIterable([1, -1, 1]).map(Step, "a").with({ parallelism: 2 }).sink(End).with({ parallelism: 1 }))).rejects.toMatchObject({ operator: "End" });
  expect(lines.filter((line) => line.startsWith("close")).toSorted()).toEqual(["close a0", "close a1", "close end"]);
});

test("a close that fails fails the job, and the others still close", async () => {
  const closed: string[] = [];
  class Bad extends MapFunction<number, number> {
    execute(n: number) {
      return n;
    }
    override close() {
      closed.push("bad");
      throw new Error("cannot close");
    }
  }
  class Good extends SinkFunction<number> {
    execute() {}
    override close() {
      closed.push("good");
    }
  }
  await expect(runPipeline((env) => void env.fromIterable([1]).map(Bad).sink(Good))).rejects.toThrow(/"Bad" \(instance 0\) failed in close: cannot close/);
  expect(closed).toEqual(["bad", "good"]);
});

test("an open that fails closes what was opened, and nothing else", async () => {
  const { lines, Step } = diary();
  class BadOpen extends SinkFunction<number> {
    override open() {
      throw new Error("no");
    }
    execute() {}
    override close() {
      lines.push("close bad");
    }
  }
  await expect(runPipeline((env) => void env.fromIterable([1]).map(Step, "a").sink(BadOpen))).rejects.toMatchObject({ operator: "BadOpen" });
  expect(lines).toEqual(["open a0", "close a0"]);
});

test("a key selector's class is opened and closed too, on both sides of an exchange", async () => {
  let open = 0;
  class Parity extends KeyByFunction<number, number> {
    override open() {
      open++;
    }
    execute(value: number) {
      return value % 2;
    }
    override close() {
      open--;
    }
  }
  let most = 0;
  await runPipeline((env) => void env.fromIterable(numbersTo(10)).keyBy(Parity).process(() => { most = open; }, { parallelism: 2 }).sink(() => {}));
  expect(most).toBe(3);
  expect(open).toBe(0);
});

describe("cancel", () => {
  const endless = (env: PipelineBuilder) => env.fromBatch(() => 1);

  test("ends an endless synchronous source", async () => {
    const env = new PipelineBuilder("test");
    let records = 0;
    endless(env).sink(() => void records++);
    await using engine = await openInProcess(env.graph());
    const run = engine.run();
    await turn();
    await engine.cancel("enough");
    await expect(run).rejects.toMatchObject({ code: "SAGE_CANCELLED", message: expect.stringContaining("enough") as string });
    expect(records).toBeGreaterThan(0);
  });

  test.each(["never resolves", "ends by ctx.signal"])("ends a function that %s", async (how) => {
    const { lines, Step } = diary();
    const env = new PipelineBuilder("test");
    let called!: () => void;
    const isCalled = new Promise<void>((resolve) => (called = resolve));
    endless(env).map(Step, "a").sink((_, ctx) => {
      called();
      return new Promise((_resolve, reject) => {
        if (how !== "never resolves") ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason as Error));
      });
    });
    await using engine = await openInProcess(env.graph());
    const run = engine.run();
    await isCalled;
    await engine.cancel();
    await expect(run).rejects.toMatchObject({ code: "SAGE_CANCELLED" });
    expect(lines.filter((line) => line.startsWith("close"))).toEqual(["close a0"]);
    expect(engine.metrics().map((each) => each.state)).not.toContain("running");
  });

  test("by the caller's signal, at any moment of a busy pipeline", async () => {
    for (let turns = 0; turns < 12; turns++) {
      const { lines, Step, End } = diary();
      const env = new PipelineBuilder("test");
      endless(env).flatMap((n) => [n, n]).map(Step, "a").with({ parallelism: 2 }).keyBy((n) => n).reduce((a) => a, { parallelism: 2 }).map(async (n) => n, { concurrency: 3 }).sink(End);
      const controller = new AbortController();
      const run = runInProcess(env.graph(), { signal: controller.signal });
      for (let i = 0; i < turns; i++) await turn();
      controller.abort(new Error("stop"));
      await expect(run).rejects.toThrow();
      const [opened, closed] = ["open", "close"].map((word) => lines.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length)).toSorted());
      expect(closed).toEqual(opened);
    }
  });

  test("by the user's own code, where nothing comes after it", async () => {
    const controller = new AbortController();
    const env = new PipelineBuilder("test");
    env.fromBatch(async function* () {
      yield 1;
      await new Promise(() => {});
    }).map((n) => n, { parallelism: 2 }).sink(() => controller.abort("mine"));
    await expect(runInProcess(env.graph(), { signal: controller.signal })).rejects.toMatchObject({ code: "SAGE_CANCELLED" });
  });

  test("before the run, and twice", async () => {
    const env = new PipelineBuilder("test");
    endless(env).sink(() => {});
    await using engine = await openInProcess(env.graph());
    await Promise.all([engine.cancel("a"), engine.cancel("b")]);
    await expect(engine.run()).rejects.toMatchObject({ code: "SAGE_CANCELLED" });
  });

  test("returns generators, so that their finally blocks run", async () => {
    const ended: string[] = [];
    const env = new PipelineBuilder("test");
    env.fromBatch(function* () {
      try {
        for (;;) yield 1;
      } finally {
        ended.push("source");
      }
    }).flatMap(function* () {
      try {
        for (;;) yield 2;
      } finally {
        ended.push("flatMap");
      }
    }).sink(() => {});
    await using engine = await openInProcess(env.graph());
    const run = engine.run();
    await turn();
    await engine.cancel();
    await expect(run).rejects.toThrow();
    expect(ended.toSorted()).toEqual(["flatMap", "source"]);
  });
});

test("a source that never waits leaves the event loop its turns", async () => {
  const env = new PipelineBuilder("test");
  let turns = 0;
  let done = false;
  env.fromBatch(() => (turns < 5 ? 1 : null)).flatMap(() => [1]).sink(() => {});
  const count = (async () => {
    while (!done) {
      await turn();
      turns++;
    }
  })();
  await runInProcess(env.graph());
  done = true;
  await count;
  expect(turns).toBeGreaterThanOrEqual(5);
});
