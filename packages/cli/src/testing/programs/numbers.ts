// Doubles what it is told to and prints it.
import { environment } from "@sage/pipeline";

await using env = environment("numbers", { params: { count: 3, fail: false } });
const { count, fail } = env.params;

function double(value: number): number {
  if (fail && value === 2) throw new Error("cannot double 2");
  return value * 2;
}

env.fromBatch(Array.from({ length: Number(count) }, (_, index) => index + 1)).map(double).print();
const { status } = await env.submit({ autostop: true });
process.stdout.write(`ended: ${status}, arguments: ${JSON.stringify(process.argv.slice(2))}\n`);
