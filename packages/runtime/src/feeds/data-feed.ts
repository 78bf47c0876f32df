// Feeds a task from its range of an array: given in the pipeline, or shipped as data with the job.

import type { Drive, Feed } from "./feed.ts";

/** Finds the records of a `data` node that were shipped apart from the graph. */
export type LoadData = (nodeId: string) => Promise<readonly unknown[] | undefined> | readonly unknown[] | undefined;

export class DataFeed implements Feed {
  readonly #load: LoadData;
  #drive: Drive | undefined;
  #total = 0;

  constructor(load: LoadData) {
    this.#load = load;
  }

  get progress(): number | undefined {
    if (this.#drive === undefined) return undefined;
    return this.#total === 0 ? 1 : Math.min(1, this.#drive.chain.scope.counts[0]! / this.#total);
  }

  async run(drive: Drive): Promise<void> {
    const { plan, graph } = drive.chain.layout.nodes[0]!;
    const records = (await drive.pending(Promise.resolve(this.#load(plan.id)))) ?? graph.data;
    if (records === undefined) throw new Error(`no data for ${plan.id}`);
    const from = Math.floor((records.length * drive.chain.index) / plan.parallelism);
    const to = Math.floor((records.length * (drive.chain.index + 1)) / plan.parallelism);
    this.#total = to - from;
    this.#drive = drive;
    const wait = drive.work(records, drive.chain.entries[0]!, from, to);
    if (wait !== undefined) await wait;
  }
}
