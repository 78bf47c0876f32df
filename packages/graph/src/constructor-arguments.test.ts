import { expect, test } from "vitest";
import { PipelineBuilder } from "./environment.ts";
import { MapFunction } from "./functions.ts";

class Double extends MapFunction<number, number> {
  execute(value: number): number {
    return value * 2;
  }
}

class Scale extends MapFunction<number, number> {
  readonly #options: { readonly concurrency?: number };

  constructor(options = {}) {
    super();
    this.#options = options;
  }

  execute(value: number): number {
    return value * (this.#options.concurrency ?? 1);
  }
}

class ScaleMore extends Scale {
  another(): unknown {
    return new (this.constructor as new () => unknown)();
  }
}

class Nothing extends MapFunction<number, number> {
  constructor() {
    super();
  }
  execute(value: number): number {
    return value;
  }
}

class Inner extends MapFunction<number, number> {
  readonly #factor: number;

  constructor(factor = 1) {
    super();
    this.#factor = factor;
  }
  execute(value: number): number {
    class One {
      readonly value: number;
      constructor() {
        this.value = 1;
      }
    }
    return value * this.#factor * new One().value;
  }
}

const numbers = () => new PipelineBuilder("test").fromIterable([1, 2]);

test("options behind a class that takes no arguments are a mistake, and the error says where they go", () => {
  // @ts-expect-error -- the types say so too
  expect(() => numbers().map(Double, { parallelism: 2 })).toThrow(/"Double": what follows a class is given to its constructor, which takes nothing; options of the operator go behind it: \.with\(\{ parallelism \}\) \(.*constructor-arguments\.test\.ts:\d+:\d+\)/);
  // @ts-expect-error -- as above
  expect(() => numbers().map(Nothing, 1)).toThrow(/"Nothing": .*which takes nothing \(/);
  // @ts-expect-error -- as above
  expect(() => numbers().keyBy(Double, 3).reduce((sum) => sum)).toThrow(/"Double": .*which takes nothing \(/);
});

test("a class that takes arguments with defaults, or inherits a constructor that does, gets what follows it", () => {
  expect(() => numbers().map(Scale, { concurrency: 3 }).map(ScaleMore, { concurrency: 3 }).map(Inner, 2).map(Double).with({ parallelism: 2 })).not.toThrow();
});
