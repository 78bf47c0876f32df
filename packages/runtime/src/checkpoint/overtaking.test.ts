// Barriers that pass the records before them, and barriers that do not block.

import { deferred } from "@sage/core";
import { decodeBatch } from "@sage/protocol/records";
import { expect, test } from "vitest";
import { tumbling, type PipelineBuilder } from "@sage/graph";
import { openCheckpointed, type CheckpointedOptions, type HeldCheckpoint } from "../testing/checkpointed-run.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { numbersTo, sorted, turn } from "../testing/pipeline-run.ts";

const count = 50_000;

/** A pipeline whose slow operator stands still at its third record until it is let go. */
function held() {
  const gate = deferred<void>();
  let reached = 0;
  const seen: number[] = [];
  const build = (env: PipelineBuilder) => void env.fromIterable(numbersTo(count), { parallelism: 2 }).rebalance()
    .map((n) => (++reached > 2 ? gate.promise.then(() => n) : Promise.resolve(n)), { parallelism: 1, name: "slow" }).sink((n: number) => void seen.push(n), { parallelism: 1 });
  return { build, gate, seen, isHeld: () => reached > 2 };
}

/** What can be done while the slow operator stands still is done by then, also where slices of time hold few records. */
async function settled(): Promise<void> {
  for (let i = 0; i < 2_000; i++) await turn();
}

const inFlight = ({ snapshots }: HeldCheckpoint) => snapshots.flatMap(({ files }) => files.filter(({ kind }) => kind === "in-flight"));

async function start(build: (env: PipelineBuilder) => void, isHeld: () => boolean, options: CheckpointedOptions = {}) {
  const { engine, take } = await openCheckpointed(build, options);
  engine.run().catch(() => {}); // it is cancelled
  while (!isHeld()) await turn();
  await settled(); // records of both sources wait
  return { engine, take };
}

test("a barrier that has waited too long overtakes records, which are saved and processed once", async () => {
  const clock = new ManualClock();
  const { build, gate, seen, isHeld } = held();
  const { engine, take } = await start(build, isHeld, { clock, alignment: { timeoutMs: 1_000 } });
  let taken: HeldCheckpoint | undefined;
  const taking = take(1).then((checkpoint) => { taken = checkpoint; });
  await clock.advance(900);
  await settled();
  expect(taken).toBeUndefined();
  await clock.advance(200);
  await settled(); // its queues are empty now, and it is still at its third record
  gate.resolve();
  await taking;
  const before = [...seen];
  const [file] = inFlight(taken!);
  expect(file).toMatchObject({ spread: "fixed" });
  const overtaken = (decodeBatch(file!.inline!) as [string, unknown[]][]).map(([id]) => id);
  expect(overtaken.sort()).toEqual(["data:0.0:0", "data:0.0:1"]);
  await engine.cancel();
  const rest = held();
  rest.gate.resolve();
  const { engine: again } = await openCheckpointed(rest.build, { from: taken! });
  await using _ = again;
  await again.run();
  expect(rest.seen.length).toBeGreaterThan(0);
  expect(sorted([...before.slice(0, count - rest.seen.length), ...rest.seen])).toEqual(numbersTo(count));
});

test("without a time limit, and for savepoints, the barrier keeps its place", async () => {
  for (const [alignment, savepoint] of [[{}, false], [{ timeoutMs: 1 }, true]] as const) {
    const { build, gate, isHeld } = held();
    const { engine, take } = await start(build, isHeld, { alignment });
    const taking = savepoint ? engine.triggerCheckpoint({ checkpointId: 1, savepoint, halt: false, drain: false }) : take(1).then(({ snapshots }) => snapshots);
    await settled();
    gate.resolve();
    expect((await taking).flatMap(({ files }) => files.filter(({ kind }) => kind === "in-flight"))).toEqual([]);
    await engine.cancel();
  }
});

test("a checkpoint with records on their way is not restored with another parallelism", async () => {
  const clock = new ManualClock();
  const { build, gate, isHeld } = held();
  const { engine, take } = await start(build, isHeld, { clock, alignment: { timeoutMs: 10 } });
  const taking = take(1);
  await clock.advance(20);
  await settled();
  gate.resolve();
  const from = await taking;
  await engine.cancel();
  const wider = (env: PipelineBuilder) => void env.fromIterable(numbersTo(count), { parallelism: 2 }).rebalance()
    .map((n) => n, { parallelism: 3, name: "slow" }).sink(() => {}, { parallelism: 1 });
  await expect(openCheckpointed(wider, { from })).rejects.toThrow(/on their way .* cannot change from 1 to 3; take a savepoint/);
});

test("times and watermarks on their way are restored with the records", async () => {
  const results = async (from?: HeldCheckpoint): Promise<{ taken: HeldCheckpoint | undefined; windows: unknown[] }> => {
    const clock = new ManualClock();
    const gate = deferred<void>();
    const windows: unknown[] = [];
    let reached = 0;
    const build = (env: PipelineBuilder) => void env.fromIterable(numbersTo(400), { parallelism: 2 }).assignTimestamps((n) => n, { maxOutOfOrdernessMs: 0, emit: "record" }).rebalance()
      .map((n) => (++reached > 2 ? gate.promise.then(() => n) : Promise.resolve(n)), { parallelism: 1, name: "slow" })
      .keyBy(() => "all").window(tumbling(100)).aggregate({ init: () => 0, add: (sum, n) => sum + n, result: (sum) => sum }).sink((sum) => void windows.push(sum), { parallelism: 1 });
    if (from) {
      gate.resolve();
      const { engine } = await openCheckpointed(build, { from });
      await using _ = engine;
      await engine.run();
      return { taken: undefined, windows };
    }
    const { engine, take } = await start(build, () => reached > 2, { clock, alignment: { timeoutMs: 10 } });
    const taking = take(1, { halt: true });
    await clock.advance(20);
    await settled();
    gate.resolve();
    const taken = await taking;
    await engine.cancel();
    return { taken, windows: [] };
  };
  const { taken } = await results();
  expect(inFlight(taken!).length).toBe(1);
  const { windows } = await results(taken);
  expect(windows).toEqual([0, 1, 2, 3].map((window) => (window * 100 + window * 100 + 99) * 50));
});

test("at-least-once: a barrier holds nothing back, and no record is lost", async () => {
  const gate = deferred<void>();
  const seen: string[] = [];
  let reached = 0;
  const build = (env: PipelineBuilder) => {
    const slow = env.fromIterable(numbersTo(100), { name: "slow" }).map((n) => (++reached > 2 ? gate.promise.then(() => `s${n}`) : Promise.resolve(`s${n}`)), { name: "waits" });
    const quick = env.fromBatch(async function* () { for (const n of numbersTo(300)) { if (n % 10 === 0) await turn(); yield `q${n}`; } }, { name: "quick" });
    slow.union(quick).rebalance().sink((text: string) => void seen.push(text), { parallelism: 1 });
  };
  const { engine, take } = await start(build, () => reached > 2 && seen.length > 0, { alignment: { blocks: false } });
  const taking = take(1);
  while (seen.filter((text) => text.startsWith("q")).length < 300) await turn(); // amid the checkpoint; blocked, it would wait for ever
  gate.resolve();
  const from = await taking;
  await engine.cancel();
  const before = [...seen];
  seen.length = 0;
  const { engine: again } = await openCheckpointed(build, { from, alignment: { blocks: false } });
  await using _ = again;
  await again.run();
  expect(new Set([...before, ...seen])).toEqual(new Set([...numbersTo(100).map((n) => `s${n}`), ...numbersTo(300).map((n) => `q${n}`)]));
});
