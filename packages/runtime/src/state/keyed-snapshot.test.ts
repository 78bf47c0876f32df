import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MemoryWriter } from "../checkpoint/memory-states.ts";
import type { SavedState } from "../checkpoint/state-part.ts";
import { turn } from "../testing/pipeline-run.ts";
import { FolderWriter, stateHandle } from "../checkpoint/state-folder.ts";
import { restoreKeyed } from "./keyed-restore.ts";
import { keyedPart } from "./keyed-snapshot.ts";
import { KeyedState } from "./keyed-state.ts";

const place = { nodeId: "n", operator: "op", maxParallelism: 128, keyGroupFrom: 0, keyGroupTo: 128 };
const { signal } = new AbortController();

const written = (state: KeyedState): Promise<SavedState[]> => keyedPart(state, place, { checkpointId: 1, savepoint: false })!.write(new MemoryWriter(), signal);

async function restored(files: readonly SavedState[], nowMs?: () => number, { asks, allowsDropped = false }: { readonly asks?: (opened: KeyedState) => void; readonly allowsDropped?: boolean } = {}): Promise<KeyedState> {
  const state = new KeyedState("op", true, nowMs);
  asks?.(state);
  const handles = files.map((file) => stateHandle(file, 0, { inline: file.inline! }));
  await restoreKeyed(state, place, { instance: { index: 0, parallelism: 1, isRescaled: false }, handles, keyGroupFrom: 0, keyGroupTo: 128, finished: false, fromParallelism: 1, allowsDropped });
  return state;
}

test("a snapshot has lists, maps and objects as they were at its barrier, whatever records do while it is written", async () => {
  const keys = 60_000;
  const state = new KeyedState("op", true);
  const list = state.list<number>("list");
  const object = state.value<{ n: number }>("object", () => ({ n: 0 }));
  for (let key = 0; key < keys; key++) {
    state.select(key);
    list.add(0);
    object.get();
  }
  const part = keyedPart(state, place, { checkpointId: 1, savepoint: false })!;
  let isWriting = true;
  const writing = part.write(new MemoryWriter(), signal).finally(() => { isWriting = false; });
  let changed = 0;
  for (let step = 0; isWriting; step++) {
    await turn();
    for (let i = 0; i < 500; i++) { // records of all keys, by and by
      state.select((step * 500 + i) * 7919 % keys);
      list.add(1);
      object.get().n = 1;
      changed++;
    }
  }
  expect(changed).toBeGreaterThan(2_000); // else nothing was shown
  const back = await restored(await writing);
  const [lists, objects] = [back.list<number>("list"), back.value<{ n: number }>("object", () => ({ n: -1 }))];
  let wrong = 0;
  for (let key = 0; key < keys; key++) {
    back.select(key);
    if (lists.get().length !== 1 || objects.get().n !== 0) wrong++;
  }
  expect(wrong).toBe(0);
});

test("a state of several megabytes comes back from its files, values larger than what is read at once too; a damaged one is named", async () => {
  const dir = await mkdtemp(join(tmpdir(), "sage-state-"));
  try {
    const state = new KeyedState("op", true);
    for (let key = 0; key < 25_000; key++) {
      state.select(key);
      state.value("text", "").set(key === 7 ? "large".repeat(600_000) : `${key} `.repeat(30));
    }
    const files = await keyedPart(state, place, { checkpointId: 1, savepoint: false })!.write(new FolderWriter({ dir, prefix: "a", known: new Set() }), signal);
    expect(Math.max(...files.map(({ bytes }) => bytes))).toBeGreaterThan(3_000_000);
    const from = async (paths: (name: string) => string) => {
      const back = new KeyedState("op", true);
      await restoreKeyed(back, place, { instance: { index: 0, parallelism: 1, isRescaled: false }, handles: files.map((file) => stateHandle(file, 0, { path: paths(file.name) })), keyGroupFrom: 0, keyGroupTo: 128, finished: false, fromParallelism: 1 });
      return back;
    };
    const back = await from((name) => join(dir, name));
    const valuesOf = (each: KeyedState) => new Map([...each.entries.values()].map(({ key, values }) => [key, values[0]]));
    expect(valuesOf(back)).toEqual(valuesOf(state));
    const whole = await readFile(join(dir, files[3]!.name));
    for (const bytes of [whole.subarray(0, whole.length - 3), Buffer.concat([whole.subarray(0, 90), Buffer.of(whole[90]! ^ 1), whole.subarray(91)])]) {
      await writeFile(join(dir, files[3]!.name), bytes);
      await expect(from((name) => join(dir, name))).rejects.toMatchObject({ code: "SAGE_STATE_DAMAGED" });
    }
    await expect(from((name) => join(dir, `${name}-gone`))).rejects.toMatchObject({ code: "SAGE_STATE_DAMAGED" });
  } finally {
    await rm(dir, { recursive: true });
  }
});

test("equal state gives equal bytes", async () => {
  const make = () => {
    const state = new KeyedState("op", true);
    for (let key = 0; key < 30_000; key++) {
      state.select(key);
      state.list("list").add(key);
    }
    return state;
  };
  expect((await written(make())).map(({ sha256 }) => sha256)).toEqual((await written(make())).map(({ sha256 }) => sha256));
});

test("what has expired is in no snapshot, and in the memory no more; the rest keeps its time", async () => {
  let nowMs = 0;
  const state = new KeyedState("op", true, () => nowMs);
  const open = (each: KeyedState) => ({ value: each.value("value", 0, { ttl: { ms: 100 } }), list: each.list<number>("list", { ttl: { ms: 100 } }), map: each.map<string, number>("map", { ttl: { ms: 100 } }) });
  const { value, list, map } = open(state);
  state.select("old");
  value.set(1);
  list.add(1);
  map.set("a", 1);
  nowMs = 60;
  state.select("young");
  value.set(2);
  list.add(2);
  map.set("b", 2);
  nowMs = 100;
  const back = await restored(await written(state), () => nowMs);
  expect([state.entries.size, back.entries.size]).toEqual([1, 1]);
  const again = open(back);
  back.select("young");
  nowMs = 159;
  expect([again.value.get(), again.list.get(), [...again.map.entries()]]).toEqual([2, [2], [["b", 2]]]);
  nowMs = 160;
  expect([again.value.get(), again.list.get(), [...again.map.entries()]]).toEqual([0, [], []]);
});

test("a state that was renamed is refused with both names; one that is asked for later is found, and until then named as unread", async () => {
  const state = new KeyedState("op", true);
  state.select("a");
  state.value("count", 0).set(7);
  state.list<number>("seen").add(1);
  const files = await written(state);
  const open = (asks: (opened: KeyedState) => void, allowsDropped = false) => restored(files, undefined, { asks, allowsDropped });
  const renamed = (opened: KeyedState) => void [opened.list("seen"), opened.value("total", 0)];
  await expect(open(renamed)).rejects.toMatchObject({ code: "SAGE_STATE_MISMATCH", message: 'the saved state does not fit operator "op": the program has no value "count" any more; new is value "total"' });
  const left = await open(renamed, true);
  expect([left.names.asked, left.names.unread]).toEqual([["list seen", "value total"], ["value count"]]);
  const lazy = await open((opened) => void opened.list("seen"));
  expect(lazy.names.unread).toEqual(["value count"]);
  lazy.select("a");
  expect([lazy.value("count", 0).get(), lazy.list("seen").get(), lazy.names.unread]).toEqual([7, [1], []]);
  const again = await restored(await written(await open(() => {}))); // nobody has asked for it: it is kept all the same
  again.select("a");
  expect(again.value("count", 0).get()).toBe(7);
});
