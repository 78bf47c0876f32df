import { describe, expect, test } from "vitest";
import { MapFunction } from "./functions.ts";
import { PipelineBuilder } from "./environment.ts";
import { compile } from "./compile.ts";
import { planDifference } from "./mismatch.ts";

class Scale extends MapFunction<number, number> {
  readonly by: number;
  constructor(by: number) {
    super();
    this.by = by;
  }
  execute(value: number): number {
    return value * this.by;
  }
}

const numbers = (env: PipelineBuilder) => env.fromIterable([1, 2, 3]);
const chainNames = (env: PipelineBuilder) => compile(env.graph()).chains.map((chain) => chain.name);

describe("chains", () => {
  test("operators of equal parallelism with one input run in one chain", () => {
    const env = new PipelineBuilder("p");
    numbers(env).map((n) => n + 1).filter((n) => n > 2).print();
    expect(chainNames(env)).toEqual(["data → map → filter → print"]);
  });

  test("a fan-out stays in one chain, as a tree", () => {
    const env = new PipelineBuilder("p");
    const source = numbers(env);
    source.map((n) => n).print();
    source.print();
    expect(chainNames(env)).toEqual(["data → map → print → print-2"]);
  });

  test("keyBy at parallelism 1 stays in the chain, at 2 it spreads by hash", () => {
    const chained = new PipelineBuilder("p");
    numbers(chained).keyBy((n) => n).reduce((a, b) => a + b).print();
    expect(compile(chained.graph()).edges[0]).toMatchObject({ partitioning: "forward", chained: true, keyed: true });
    const spread = new PipelineBuilder("p", { parallelism: 2 });
    numbers(spread).keyBy((n) => n).reduce((a, b) => a + b).print();
    expect(compile(spread.graph()).edges.map((edge) => edge.partitioning)).toEqual(["hash", "forward"]);
    expect(chainNames(spread)).toEqual(["data", "reduce → print"]);
  });

  test("a union, a change of parallelism, rebalance and broadcast each begin a chain", () => {
    const env = new PipelineBuilder("p");
    numbers(env).union(numbers(env)).map((n) => n).with({ name: "united" })
      .map((n) => n).with({ name: "wide", parallelism: 3 }).rebalance().map((n) => n).with({ name: "spread", parallelism: 3 })
      .broadcast().map((n) => n).with({ name: "all", parallelism: 3 });
    expect(chainNames(env)).toEqual(["data", "data-2", "united", "wide", "spread", "all"]);
    expect(compile(env.graph()).slots).toBe(3);
  });

  test("a chain of 5,000 operators compiles", () => {
    const env = new PipelineBuilder("p");
    let stream = numbers(env);
    for (let i = 0; i < 5_000; i++) stream = stream.map((n) => n + 1);
    stream.print();
    const { chains } = compile(env.graph());
    expect(chains).toHaveLength(1);
    expect(chains[0]!.nodes).toHaveLength(5_002);
  });
});

describe("loops", () => {
  test("a loop names its futures and the chains on its cycle", () => {
    const env = new PipelineBuilder("p");
    const loop = env.fromFuture<number>("again");
    const body = numbers(env).union(loop).map((n) => n - 1);
    body.filter((n) => n > 0).fillFuture(loop);
    body.filter((n) => n <= 0).print();
    const plan = compile(env.graph());
    expect(plan.loops).toEqual([{ id: "future-1", futures: ["future-1"], chains: ["future-1", "map-1"] }]);
    expect(plan.edges.filter((edge) => edge.feedback)).toHaveLength(1);
  });
});

describe("mistakes are found before anything runs:", () => {
  const mistakes: [string, (env: PipelineBuilder) => void, string | RegExp][] = [
    ["an empty pipeline", () => {}, 'pipeline "p" has no source'],
    ["an unfilled future", (env) => void numbers(env).union(env.fromFuture<number>("again")).print(), /the future "again" is never filled \(.*compile\.test\.ts:\d+:\d+\)/],
    ["a future filled twice", (env) => {
      const loop = env.fromFuture<number>("again");
      numbers(env).fillFuture(loop);
      numbers(env).fillFuture(loop);
    }, 'the future "again" is filled twice'],
    ["parallelism 0", (env) => void numbers(env).map((n) => n, { parallelism: 0, name: "m" }), /operator "m": parallelism must be a whole number from 1 to 32768, not 0 \(.*compile\.test\.ts/],
    ["parallelism NaN", (env) => void numbers(env).map((n) => n).with({ parallelism: Number.NaN }), /not NaN/],
    ["parallelism 1e9", (env) => void numbers(env).map((n) => n).with({ parallelism: 1e9 }), /not 1000000000/],
    ["two operators of one name", (env) => void numbers(env).map((n) => n, { name: "m" }).map((n) => n, { name: "m" }), /operator "m": two operators have this name/],
    ["a join of streams without keys", (env) => void numbers(env).connect(numbers(env)).join((a) => a), /join needs keyed streams/],
    ["coMap without a method for an input", (env) => void numbers(env).connect(numbers(env)).coMap({ map0: (n: number) => n } as never), /coMap of 2 streams needs a method map1/],
    ["an unknown error policy", (env) => void numbers(env).map((n) => n, { onError: "ignore" as never }), /onError must be/],
    ["a source that is neither a class nor a function", (env) => void env.fromBatch(5 as never), /fromBatch": needs a class, a function/],
    ["fromIterable of null", (env) => void env.fromIterable(null as never), /needs an iterable, got null/],
    ["streams of two environments", (env) => void numbers(env).union(numbers(new PipelineBuilder("other"))), /different environments/],
  ];
  test.each(mistakes)("%s", (_what, build, message) => {
    const env = new PipelineBuilder("p");
    expect(() => {
      build(env);
      compile(env.graph());
    }).toThrow(message);
  });
});

describe("fingerprints", () => {
  const planWith = (by: number, name = "p") => {
    const env = new PipelineBuilder(name);
    numbers(env).map(Scale, by).print();
    return compile(env.graph());
  };

  test("the same program gives the same plan", () => {
    expect(planWith(2)).toEqual(planWith(2));
    expect(planDifference(planWith(2), planWith(2))).toBeUndefined();
  });

  test("another constructor argument is named with its operator", () => {
    expect(planDifference(planWith(2), planWith(3))).toBe('operator "Scale" was built with other arguments');
  });

  test("another name, a missing and an additional operator are named", () => {
    expect(planDifference(planWith(2), planWith(2, "q"))).toBe('it is named "q", not "p"');
    const longer = new PipelineBuilder("p");
    numbers(longer).map(Scale, 2).print();
    numbers(longer).print("again");
    expect(planDifference(planWith(2), compile(longer.graph()))).toBe('operator "data-2" was not submitted');
    expect(planDifference(compile(longer.graph()), planWith(2))).toBe('operator "data-2" is missing');
  });

  test("records given as an array are data, not part of the fingerprint", () => {
    const plan = (records: number[]) => {
      const env = new PipelineBuilder("p");
      env.fromIterable(records).print();
      return compile(env.graph());
    };
    expect(plan([1])).toEqual(plan([2, 3]));
  });
});
