// A remote service: one instance in a process of its own, called by operators of all workers and by another service.
import { environment, MapFunction, ServiceFunction } from "@sage/pipeline";

class Counter extends ServiceFunction {
  private calls = 0;
  override async setup(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log("counter: set up");
  }
  next(): { pid: number; call: number } {
    return { pid: process.pid, call: ++this.calls };
  }
  override async cleanup(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log(`counter: cleaned up after ${this.calls} calls`);
  }
}
class Front extends ServiceFunction {
  async next(): Promise<{ pid: number; call: number }> {
    return this.ctx.service<Counter>("counter").next();
  }
}
class Ask extends MapFunction<number, string> {
  async execute(n: number): Promise<string> {
    const counter = n % 2 === 0 ? this.ctx.service<Counter>("counter") : this.ctx.service<Front>("front");
    const { pid, call } = await counter.next();
    return `${n}: ${call > 0} elsewhere ${pid !== process.pid} ${pid}`;
  }
}

const env = environment("remote-services");
env.registerService("counter", Counter, { remote: true });
env.registerService("front", Front, { remote: true, concurrency: 4 });
env.fromIterable([...Array(6).keys()]).map(Ask).with({ parallelism: 2 }).sink((text) => console.log(text));
await env.submit({ autostop: true });
console.log("submit returned");
await env.close();
