// One model for a whole job: a remote service is set up once, in a process of its own, and all operators call it.
//
//   pnpm sage run examples/remote-service/main.ts                      the model in a process here
//   pnpm sage run examples/remote-service/main.ts --param ray=auto     on the Ray of this machine, started if none runs
//   pnpm sage run examples/remote-service/main.ts --remote             on a daemon, and where it has its workers

import { environment, LocalEnvironment, MapFunction, ServiceFunction } from "@sage/pipeline";

/** Stands for what is dear to load: it must be there once, not once in each worker. */
class MoodModel extends ServiceFunction {
  private readonly words = new Map<string, number>();
  private calls = 0;

  override async setup(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 100)); // weights come from a disk
    for (const [word, mood] of [["good", 1], ["great", 2], ["bad", -1], ["awful", -2]] as const) this.words.set(word, mood);
    console.log("the model is loaded");
  }

  moodOf(text: string): number {
    this.calls++;
    return text.split(" ").reduce((sum, word) => sum + (this.words.get(word) ?? 0), 0);
  }

  override cleanup(): void {
    console.log(`the model was asked ${this.calls} times`);
  }
}

class Judge extends MapFunction<string, string> {
  async execute(text: string): Promise<string> {
    const mood = await this.ctx.service<MoodModel>("mood").moodOf(text);
    return `${mood > 0 ? "+" : mood < 0 ? "-" : " "} ${text}`;
  }
}

const place = environment("remote_service_demo", { parallelism: 2, params: { ray: "" } });
const ray = String(place.params["ray"]);
await using env = ray === "" ? place : new LocalEnvironment("remote_service_demo", { parallelism: 2, ray, params: { ray } });
env.registerService("mood", MoodModel, { remote: true, concurrency: 4, timeoutMs: 5_000, resources: { cpus: 1 } });
env.fromIterable(["a good day", "an awful noise", "a bad idea", "great and good", "a table"]).map(Judge).sink((text) => console.log(text));
await env.submit();
