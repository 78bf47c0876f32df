// An operator that throws on its third record.
import { environment, MapFunction } from "@sage/pipeline";

class Fragile extends MapFunction<number, number> {
  execute(value: number): number {
    if (value === 30) throw new RangeError(`cannot take ${value}`);
    return value;
  }
}

const env = environment("throws");
env.fromIterable([10, 20, 30, 40]).map(Fragile).print();
await env.submit({ autostop: true });
console.log("not reached");
