import { keyGroupsOf } from "@sage/protocol/records";
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { MemoryWriter } from "../checkpoint/memory-states.ts";
import { stateHandle } from "../checkpoint/state-folder.ts";
import type { NodeRestore, SavedState, StateFacts, StateWriter } from "../checkpoint/state-part.ts";
import { turn } from "../testing/pipeline-run.ts";
import { framed, version } from "./keyed-files.ts";
import { restoreKeyed } from "./keyed-restore.ts";
import { keyedPart } from "./keyed-snapshot.ts";
import { KeyedState } from "./keyed-state.ts";
import { layersToKeep } from "./state-changes.ts";

const place = { nodeId: "n", operator: "op", maxParallelism: 128, keyGroupFrom: 0, keyGroupTo: 128 };
const { signal } = new AbortController();
const text = "what is kept of a key, long enough for a state that is written in layers: ".repeat(3);

type Model = Map<number, string>;

/** A keyed state with a value and a list of each key, beside a plain map of the same. */
class Twin {
  readonly model: Model;
  readonly state: KeyedState;
  readonly #value;
  readonly #list;

  constructor(state = new KeyedState("op", true), model: Model = new Map()) {
    this.state = state;
    this.model = model;
    this.#value = state.value<{ n: number; text: string } | undefined>("value", undefined);
    this.#list = state.list<number>("list");
  }

  put(key: number, n: number): void {
    this.state.select(key);
    const value = this.#value.get();
    if (value === undefined) this.#value.set({ n, text: `${key} ${text}` });
    else value.n = n; // in place: nobody is told
    if (n % 3 === 0) this.#list.add(n);
    this.model.set(key, this.#shown());
  }

  take(key: number): void {
    this.state.select(key);
    this.#value.clear();
    this.#list.clear();
    this.model.delete(key);
  }

  #shown(): string {
    return JSON.stringify([this.#value.get()?.n, this.#list.get()]);
  }

  shown(): Model {
    return new Map([...this.state.entries.values()].map(({ key }) => {
      this.state.select(key);
      return [key as number, this.#shown()];
    }));
  }
}

async function restored(files: readonly SavedState[], parallelism = 1, index = 0): Promise<KeyedState> {
  const state = new KeyedState("op", true);
  const { first, last } = keyGroupsOf(index, 128, parallelism);
  const restore: NodeRestore = {
    instance: { index, parallelism, isRescaled: parallelism !== 1 }, keyGroupFrom: first, keyGroupTo: last + 1, finished: false, fromParallelism: 1,
    handles: files.filter((file) => file.keyGroupFrom! <= last && file.keyGroupTo! > first).map((file) => stateHandle(file, 0, { inline: file.inline! })),
  };
  await restoreKeyed(state, place, restore);
  return state;
}

/** Lets something happen behind each of its chunks. */
const interrupted = (meanwhile: () => void): StateWriter => ({
  file(facts: StateFacts) {
    const file = new MemoryWriter().file(facts);
    return { append: async (bytes) => { void file.append(bytes); await turn(); meanwhile(); }, finish: () => file.finish() };
  },
});

/** Numbers of a seed: 32 bits each (xorshift). */
function randomFrom(seed: number): (below: number) => number {
  let x = seed;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

const sizeOf = (files: readonly SavedState[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

test.each([1, 2, 3, 4, 5, 6])("whatever is put, taken, saved, given up and restored, the state is that of a plain map (seed %i)", async (seed) => {
  const random = randomFrom(seed * 7_919);
  const keys = 4_000;
  let twin = new Twin();
  for (let key = 0; key < keys; key++) twin.put(key, key);
  let newest: { readonly files: readonly SavedState[]; readonly model: Model } | undefined;
  let layered = 0;
  let rescaled = 0;
  const change = (most: number) => {
    for (let left = random(most); left > 0; left--) {
      if (random(5) === 0) twin.take(random(keys));
      else twin.put(random(keys), random(1_000));
    }
  };
  for (let checkpointId = 1; checkpointId <= 40; checkpointId++) {
    change([20, 200, 1_500][random(3)]!);
    const savepoint = random(6) === 0;
    const part = keyedPart(twin.state, place, { checkpointId, savepoint })!;
    const model = new Map(twin.model);
    change(40);
    const fate = random(8);
    if (fate === 0) {
      part.drop!();
      continue;
    }
    const files = await part.write(interrupted(() => change(30)), signal);
    if (savepoint) expect(files.some(({ kind }) => kind === "keyed-changes")).toBe(false);
    else if (files.some(({ kind }) => kind === "keyed-changes")) layered++;
    expect(new Twin(await restored(files)).shown(), `checkpoint ${checkpointId}`).toEqual(model);
    if (fate === 1) continue; // written, and nobody has committed it
    if (!savepoint) twin.state.changes.committed(checkpointId);
    newest = { files, model };
    const parallelism = 2 + random(4);
    if (random(4) === 0) {
      const parts = await Promise.all(Array.from({ length: parallelism }, (_, index) => restored(files, parallelism, index)));
      const all = parts.flatMap((state) => [...new Twin(state).shown()]);
      expect([all.length, new Map(all)]).toEqual([model.size, model]);
      rescaled++;
    }
    if (random(5) === 0) twin = new Twin(await restored(newest.files), new Map(newest.model)); // a failure: it goes on from there
  }
  expect(layered).toBeGreaterThan(5); // else nothing was shown
  expect(rescaled).toBeGreaterThan(1);
}, 60_000);

test("a checkpoint of a large state writes what has changed since the last, and a savepoint everything", async () => {
  const twin = new Twin();
  for (let key = 0; key < 30_000; key++) twin.put(key, 1);
  const save = async (checkpointId: number, savepoint = false) => {
    const files = await keyedPart(twin.state, place, { checkpointId, savepoint })!.write(new MemoryWriter(), signal);
    twin.state.changes.committed(checkpointId);
    return files;
  };
  const first = await save(1);
  for (let key = 0; key < 30_000; key += 100) twin.put(key, 2);
  twin.take(7);
  const second = await save(2);
  expect(second.slice(0, first.length).map(({ sha256 }) => sha256)).toEqual(first.map(({ sha256 }) => sha256));
  expect(sizeOf(second.slice(first.length))).toBeLessThan(sizeOf(first) / 50);
  expect(second.length).toBe(first.length + 1);
  const third = await save(3);
  expect(sizeOf(third) - sizeOf(second)).toBeLessThan(500); // nothing has changed
  expect((await save(4, true)).every(({ kind }) => kind === "keyed")).toBe(true);
});

test("a state that goes on behind a restore writes changes; one of another parallelism everything, once", async () => {
  const twin = new Twin();
  for (let key = 0; key < 30_000; key++) twin.put(key, 1);
  const files = await keyedPart(twin.state, place, { checkpointId: 1, savepoint: false })!.write(new MemoryWriter(), signal);
  const kindsOf = async (state: KeyedState) => {
    new Twin(state).put(3, 4);
    return new Set((await keyedPart(state, place, { checkpointId: 2, savepoint: false })!.write(new MemoryWriter(), signal)).map(({ kind }) => kind));
  };
  expect([...(await kindsOf(await restored(files)))]).toEqual(["keyed", "keyed-changes"]);
  expect([...(await kindsOf(await restored(files, 2, 0)))]).toEqual(["keyed"]);
});

test("checkpoints that were written and never committed end in one that is whole", async () => {
  const twin = new Twin();
  for (let key = 0; key < 3_000; key++) twin.put(key, 1);
  const kinds = async (checkpointId: number) => {
    twin.put(1, checkpointId);
    return (await keyedPart(twin.state, place, { checkpointId, savepoint: false })!.write(new MemoryWriter(), signal)).at(-1)!.kind;
  };
  await kinds(1);
  twin.state.changes.committed(1);
  expect([await kinds(2), await kinds(3), await kinds(4)]).toEqual(["keyed-changes", "keyed-changes", "keyed"]);
});

test("state of a later format is refused, and says what to do", async () => {
  const header = framed([{ version: version + 1, slots: [], maxParallelism: 128 }]);
  const file: SavedState = { nodeId: "n", kind: "keyed", spread: "key-groups", keyGroupFrom: 0, keyGroupTo: 128, sha256: createHash("sha256").update(header).digest("hex"), bytes: header.length, name: "", inline: header, earlier: false };
  await expect(restored([file])).rejects.toMatchObject({ code: "SAGE_CHECKPOINT_VERSION", message: `the saved state of operator "op" has format ${version + 1}; this version of Sage knows ${version}` });
});

test("layers of about one size become one, and all is written when half has changed", () => {
  expect(layersToKeep([], 10)).toBe(0);
  expect(layersToKeep([100_000], 10)).toBe(1);
  expect(layersToKeep([100_000, 10, 10], 10)).toBe(3);
  expect(layersToKeep([100_000, 10, 10, 10], 10)).toBe(1);
  expect(layersToKeep([100_000, 40, 40, 40, 10, 10, 10], 10)).toBe(1);
  expect(layersToKeep([100_000, 4_000, 40, 10, 10, 10], 10)).toBe(3);
  expect(layersToKeep([100_000, 30_000], 20_001)).toBe(0);
  const layers = [1_000_000];
  let written = 0;
  for (let checkpoint = 0; checkpoint < 1_000; checkpoint++) {
    const keep = layersToKeep(layers, 100);
    const rows = layers.splice(keep).reduce((sum, each) => sum + each, 100);
    layers.push(keep === 0 ? 1_000_000 : rows);
    written += rows;
    expect(layers.length).toBeLessThan(25);
  }
  expect(written / (1_000 * 100)).toBeLessThan(10); // how often a change is written
});
