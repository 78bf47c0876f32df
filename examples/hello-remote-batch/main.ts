// The smallest job on a JobManager: five numbers, doubled, printed by a sink that runs in a worker process.
//
//   pnpm sage jobmanager start
//   pnpm sage run examples/hello-remote-batch/main.ts

import { BatchFunction, MapFunction, RemoteEnvironment, SinkFunction } from "@sage/pipeline";

class NumberBatch extends BatchFunction<number> {
  counter = 0;
  readonly limit: number;

  constructor(options: { limit: number }) {
    super();
    this.limit = options.limit;
  }

  execute(): number | null {
    return this.counter < this.limit ? this.counter++ : null; // null ends the batch
  }
}

class DoubleMap extends MapFunction<number, number> {
  execute(value: number): number {
    return value * 2;
  }
}

class PrintSink extends SinkFunction<number> {
  execute(value: number): void {
    console.log(`[remote] ${value}`);
  }
}

await using env = new RemoteEnvironment("remote_batch_demo");
env.fromBatch(NumberBatch, { limit: 5 }).map(DoubleMap).sink(PrintSink);
await env.submit({ autostop: true });
console.log(`final status: ${(await env.getJobStatus()).status}`);
