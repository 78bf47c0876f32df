// Feeds a task from its range of an array: given in the pipeline, or shipped as data with the job.

import { decodeBatch, encodeBatch } from "@sage/protocol/records";
import type { Barrier } from "../checkpoint/barrier.ts";
import { bytesPart, type NodeRestore, type StatePart } from "../checkpoint/state-part.ts";
import type { Drive, Feed, Rest } from "./feed.ts";

/** Finds the records of a `data` node that were shipped apart from the graph. */
export type LoadData = (nodeId: string) => Promise<readonly unknown[] | undefined> | readonly unknown[] | undefined;

/** Records [from, to) of the array. */
type Range = readonly [from: number, to: number];

export class DataFeed implements Feed {
  readonly injects = true;
  readonly drains = true;
  readonly #load: LoadData;
  readonly #nodeId: string;
  #drive: Drive | undefined;
  #total = 0;
  /** What is left, without the range at work; undefined: not yet divided. */
  #ranges: Range[] | undefined;

  constructor(nodeId: string, load: LoadData) {
    this.#nodeId = nodeId;
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
    this.#ranges ??= shareOf([[0, records.length]], drive.chain.index, plan.parallelism);
    this.#total = lengthOf(this.#ranges);
    this.#drive = drive;
    for (let range = this.#ranges.shift(); range !== undefined && !drive.drained; range = this.#ranges.shift()) {
      const wait = drive.work(records, drive.chain.entries[0]!, range[0], range[1]);
      if (wait !== undefined) await wait;
    }
  }

  snapshot(_barrier: Barrier, rest: Rest | undefined): readonly StatePart[] {
    if (this.#ranges === undefined) return [];
    const left: Range[] = rest ? [[rest.from, rest.to], ...this.#ranges] : this.#ranges;
    return [bytesPart({ nodeId: this.#nodeId, kind: "position", spread: "union" }, encodeBatch([left]))];
  }

  async restore({ handles, instance }: NodeRestore): Promise<void> {
    const positions = handles.filter(({ kind }) => kind === "position");
    const left: { readonly index: number; readonly ranges: Range[] }[] = [];
    for (const handle of positions) left.push({ index: handle.fromIndex, ranges: decodeBatch(await handle.read())[0] as Range[] });
    const own = left.find(({ index }) => index === instance.index);
    this.#ranges = instance.isRescaled ? shareOf(left.flatMap(({ ranges }) => ranges), instance.index, instance.parallelism) : (own?.ranges ?? []);
  }
}

const lengthOf = (ranges: readonly Range[]): number => ranges.reduce((sum, [from, to]) => sum + to - from, 0);

/** An even share of what is left. */
function shareOf(ranges: readonly Range[], index: number, parallelism: number): Range[] {
  const length = lengthOf(ranges);
  const first = Math.floor((length * index) / parallelism);
  const end = Math.floor((length * (index + 1)) / parallelism);
  const share: Range[] = [];
  let at = 0;
  for (const [from, to] of ranges) {
    const [start, stop] = [Math.max(from, from + first - at), Math.min(to, from + end - at)];
    if (start < stop) share.push([start, stop]);
    at += to - from;
  }
  return share;
}
