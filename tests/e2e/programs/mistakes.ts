// Mistakes, by the parameter `case`: each must end at once with a clear error.
import { BatchFunction, environment, MapFunction } from "@sage/pipeline";

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
class Broken extends BatchFunction<number> {
  execute(): number {
    throw new Error("the source is broken");
  }
}
class NotExported extends MapFunction<number, number> {
  execute(value: number): number {
    return value + 1;
  }
}

const env = environment("mistakes", { params: { case: "none" } });
const numbers = () => env.fromIterable([1, 2, 3]);
switch (env.params["case"]) {
  case "empty": break;
  case "unfilled-future": numbers().union(env.fromFuture<number>("again")).print(); break;
  case "parallelism-0": numbers().map((n) => n, { parallelism: 0 }).print(); break;
  case "source-throws": env.fromBatch(Broken).map((n) => n, { parallelism: 2 }).print(); break;
  case "not-exported": numbers().map(NotExported).with({ parallelism: 2 }).sink((n) => console.log(n)); break;
  case "constructor-differs": numbers().map(Scale, Math.random()).with({ parallelism: 2 }).print(); break;
  case "module-throws":
    if (process.env["SAGE_TEST_OUTSIDE"] === undefined) throw new Error("only works at home");
    numbers().map((n) => n, { parallelism: 2 }).print();
    break;
  default: throw new Error("give --param case=…");
}
await env.submit({ autostop: true });
