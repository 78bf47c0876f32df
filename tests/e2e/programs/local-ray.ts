// An operator and a service on a Ray of this machine, which is started if there is none.
//
// ray: the address of another one
// hold: the operator waits after its first call, until somebody ends it
import { environment, LocalEnvironment, MapFunction, ServiceFunction } from "@sage/pipeline";

class Doubler extends ServiceFunction {
  override setup(): void {
    console.log(`service ${process.pid} set up`);
  }
  double(n: number): number {
    return n * 2;
  }
  override cleanup(): void {
    console.log("service cleaned up");
  }
}

class Double extends MapFunction<number, number> {
  private readonly holds: boolean;
  constructor(holds: boolean) {
    super();
    this.holds = holds;
  }
  async execute(n: number): Promise<number> {
    const doubled = await this.ctx.service<Doubler>("doubler").double(n);
    if (this.holds) {
      console.log(`operator ${process.pid} holds`);
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    }
    return doubled;
  }
}

const { ray = "auto" } = environment("local-ray").params;
const env = new LocalEnvironment("local-ray", { ray: String(ray) });
env.registerService("doubler", Doubler, { remote: true });
env.fromIterable([1, 2, 3]).map(Double, Boolean(env.params["hold"])).with({ remote: true }).sink((n) => console.log(`got ${n}`));
const { status } = await env.submit({ autostop: true });
await env.close();
console.log(`the job has ${status}, and the environment is closed`);
