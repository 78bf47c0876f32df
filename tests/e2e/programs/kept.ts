// Keeps state of keys, and goes on until it is stopped; it may be submitted in several shapes, as a program that changes.
//
// name: of the operator that keeps it · broken: an operator has a field that cannot be saved
import { environment, MapFunction, SourceFunction } from "@sage/pipeline";

const env = environment("kept");
const { name = "counts", broken = false } = env.params;

class Numbers extends SourceFunction<number> {
  next = 0;
  async execute(): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return this.next++;
  }
}

class Client {
  readonly ask = (n: number): number => n;
}

export class Lookup extends MapFunction<number, number> {
  client: Client | undefined;
  execute(n: number): number {
    this.client ??= new Client(); // a connection, say
    return this.client.ask(n);
  }
}

const numbers = env.fromSource(Numbers);
const asked = broken ? numbers.map(Lookup).with({ name: "lookup" }) : numbers;
asked.keyBy((n) => n % 10).aggregate({ init: () => 0, add: (count) => count + 1, result: (count) => count }, { name: String(name) }).sink(() => {}, { name: "sink" });
await env.submit({ autostop: true, checkpoints: { intervalMs: 50 } });
await env.close();
