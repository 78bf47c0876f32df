// Keeps state of keys, and goes on until it is stopped; it may be submitted in several shapes, as a program that changes.
//
// name: of the operator that keeps it · broken: an operator has a field that cannot be saved
// state: of what another keeps, and asks for when it is opened
import { environment, MapFunction, ProcessFunction, SourceFunction, type ValueState } from "@sage/pipeline";

const env = environment("kept");
const { name = "counts", broken = false, state = "last" } = env.params;

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

export class Last extends ProcessFunction<number, number> {
  last!: ValueState<number>;
  static override snapshotFields: string[] = [];
  override open(): void {
    this.last = this.ctx.state.value(String(state), 0);
  }
  override execute(n: number): void {
    this.last.set(n);
  }
}

const numbers = env.fromSource(Numbers);
const asked = broken ? numbers.map(Lookup).with({ name: "lookup" }) : numbers;
asked.keyBy((n) => n % 10).process(Last).with({ name: "last" }).sink(() => {}, { name: "nothing" });
asked.keyBy((n) => n % 10).aggregate({ init: () => 0, add: (count) => count + 1, result: (count) => count }, { name: String(name) }).sink(() => {}, { name: "sink" });
await env.submit({ autostop: true, checkpoints: { intervalMs: 50 } });
await env.close();
