// Three hundred operators behind one source that runs until it is stopped: ten branches of ten chains of three, in two workers.
import { environment, SourceFunction } from "@sage/pipeline";

class Ticks extends SourceFunction<number> {
  n = 0;
  async execute(): Promise<number> {
    if (this.n % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    return this.n++;
  }
}

const env = environment("wide", { parallelism: 1 });
const ticks = env.fromSource(Ticks).with({ name: "source" });
for (let branch = 0; branch < 10; branch++) {
  let steps = ticks.map((n) => n + branch, { name: `branch ${branch}` });
  for (let step = 0; step < 30; step++) {
    steps = steps.map((n) => n + 1, { name: `step ${branch}-${step}`, parallelism: 1 + (Math.floor(step / 3) % 2) }); // another parallelism is another chain
  }
  steps.sink(() => {}, { name: `end ${branch}` });
}
await env.submit({ autostop: true, timeoutMs: 0 });
