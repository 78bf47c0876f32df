// Services: set up before the first record, called by operators and by one another, cleaned up before submit returns.
import { environment, MapFunction, ServiceFunction } from "@sage/pipeline";

class Dictionary extends ServiceFunction {
  words = new Map<number, string>();
  override async setup(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 20));
    this.words.set(1, "one").set(2, "two");
    console.log("dictionary: set up");
  }
  lookUp(n: number): string {
    return this.words.get(n) ?? "many";
  }
  override cleanup(): void {
    console.log("dictionary: cleaned up");
  }
}
class Shouter extends ServiceFunction {
  async shout(n: number): Promise<string> {
    return (await this.ctx.service<Dictionary>("dictionary").lookUp(n)).toUpperCase();
  }
}
class Spell extends MapFunction<number, string> {
  execute(n: number): Promise<string> {
    return this.ctx.service<Shouter>("shouter").shout(n);
  }
}

const env = environment("services");
env.registerService("dictionary", Dictionary);
env.registerService("shouter", Shouter, { timeoutMs: 5_000 });
env.fromIterable([1, 2, 3]).map(Spell).sink((text) => console.log(text));
await env.submit({ autostop: true });
console.log("submit returned");
await env.close();
