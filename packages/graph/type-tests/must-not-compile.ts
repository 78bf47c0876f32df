// What must not compile. The comment at a line's end names the error that must be reported there.

import {
  BatchFunction, CoMapFunction, JoinFunction, KeyByFunction, MapFunction, PipelineBuilder, ProcessFunction, SinkFunction, WindowFunction, outputTag, tumbling,
  type ProcessContext, type WindowContext,
} from "@sage/graph";

class NumberBatch extends BatchFunction<number> {
  readonly limit: number;
  constructor(options: { limit: number }) {
    super();
    this.limit = options.limit;
  }
  execute(): number | null {
    return this.limit;
  }
}
class Upper extends MapFunction<string, string> {
  execute(value: string): string {
    return value.toUpperCase();
  }
}
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
class TextSink extends SinkFunction<string> {
  execute(_value: string): void {}
}
class OnlyFirst extends CoMapFunction {
  map0(value: number): number {
    return value;
  }
}
class TextJoin extends JoinFunction<string, string, string> {
  execute(left: string, right: string): string {
    return left + right;
  }
}
class MapKey extends KeyByFunction<number, string> {
  execute(value: number): string {
    return String(value);
  }
}
class TextProcess extends ProcessFunction<string, string> {
  execute(_value: string, _ctx: ProcessContext<string>): void {}
}
class Counter {
  count(by: number): number {
    return by;
  }
}
class TextWindow extends WindowFunction<string, number, string> {
  execute(texts: readonly string[], ctx: WindowContext<number, string>): void {
    void ctx.collect(texts.length);
  }
}
const env = new PipelineBuilder("types");
const numbers = env.fromBatch(NumberBatch, { limit: 1 });
const texts = env.fromIterable(["a"]);

// a wrong edge
numbers.map(Upper); // error TS2769
numbers.sink(TextSink); // error TS2769
numbers.process(TextProcess); // error TS2769
numbers.map((value: string) => value.length); // error TS2769
numbers.filter(() => "yes"); // error TS2769
// wrong constructor arguments
env.fromBatch(NumberBatch, { limit: "five" }); // error TS2769
env.fromBatch(NumberBatch); // error TS2769
numbers.map(Scale); // error TS2345
numbers.map(Scale, "2"); // error TS2769
numbers.map(Scale, 2, 3); // error TS2554
// an unserialisable key type
numbers.keyBy((value) => () => value); // error TS2769
numbers.keyBy(() => Symbol("a")); // error TS2769
numbers.keyBy((value) => new Map([[value, 1]])); // error TS2769
texts.keyBy(MapKey); // error TS2769
// coMap with a missing input
numbers.connect(texts).coMap(OnlyFirst); // error TS2769
numbers.connect(texts).coMap({ map0: (value: number) => value }); // error TS2769
// joins of the wrong records
numbers.keyBy((n) => n).connect(numbers.keyBy((n) => n)).join(TextJoin); // error TS2769
// a loop filled with other records
texts.fillFuture(env.fromFuture<number>("loop")); // error TS2379
// a side output's type
numbers.process<number>((value, ctx) => void ctx.output(outputTag<string>("t"), value)).print(); // error TS2345
// services
const counter = env.registerService("counter", Counter);
numbers.map((value, ctx) => ctx.service(counter).count(String(value))); // error TS2345
numbers.map((value, ctx) => ctx.service(counter).missing(value)); // error TS2339
// options
numbers.map((value: number) => value, { paralelism: 2 }); // error TS2769
numbers.map((value: number) => value, { onError: "ignore" }); // error TS2769
// event time
numbers.assignTimestamps((value) => String(value)); // error TS2322
numbers.window(tumbling(10)); // error TS2339
numbers.keyBy((n) => n).window(tumbling("10")); // error TS2345
numbers.keyBy((n) => n).window(tumbling(10)).process(TextWindow); // error TS2769
numbers.keyBy((n) => n).window(tumbling(10)).lateTo(outputTag<string>("late")); // error TS2379
numbers.keyBy((n) => n).window(tumbling(10)).reduce((a, b) => String(a + b)); // error TS2322
numbers.keyBy((n) => n).connect(texts.keyBy((t) => t)).windowJoin(tumbling(10), TextJoin); // error TS2769
numbers.connect(texts.broadcast()).process({ execute: (value: number) => void value }); // error TS2769
