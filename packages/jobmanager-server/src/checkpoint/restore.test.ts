import { expect, test } from "vitest";
import fc from "fast-check";
import { planOf } from "../testing/test-daemon.ts";
import { manifestVersion, type Manifest, type ManifestFile } from "./manifest.ts";
import { planRestore } from "./restore.ts";
import { keyGroupsOf, type StateSpread } from "@sage/protocol";

const groups = (index: number, parallelism: number) => {
  const { first, last } = keyGroupsOf(index, 128, parallelism);
  return { keyGroupFrom: first, keyGroupTo: last + 1 };
};
const file = (sha256: string, spread: StateSpread, more: object = {}): ManifestFile => ({ sha256, bytes: 1, kind: "k", spread, keyGroupFrom: 0, keyGroupTo: 0, ...more });

function manifestOf(parallelism: number, spread: StateSpread, changes: Partial<Manifest> = {}): Manifest {
  const plan = planOf({ parallelism });
  return {
    version: manifestVersion, jobId: "j", checkpointId: 9, attempt: 1, kind: "savepoint", takenAtMs: 0, fingerprint: "f", maxParallelism: 128,
    operators: plan.nodes.map(({ id, name, kind, fingerprint }) => ({ nodeId: id, name, kind, parallelism, fingerprint })),
    tasks: Array.from({ length: parallelism }, (_, index) => ({ nodeId: "source", index, finished: false, schema: "", stateBytes: 1, files: [file(`${index}`, spread, groups(index, parallelism))] })),
    ...changes,
  };
}

const options = { allowDropped: false, path: (sha256: string) => `/store/${sha256}` };
const restored = (manifest: Manifest, parallelism: number) => {
  const restore = planRestore(manifest, planOf({ parallelism }), options);
  return Array.from({ length: parallelism }, (_, index) => restore.forWorker(index).tasks![0]!);
};
const pathsOf = (manifest: Manifest, parallelism: number) => restored(manifest, parallelism).map(({ handles }) => handles!.map(({ path }) => path));

test("with the same parallelism each instance gets back what it wrote", () => {
  for (const spread of ["STATE_SPREAD_INSTANCE", "STATE_SPREAD_KEY_GROUPS", "STATE_SPREAD_FIXED"] as const) {
    expect(pathsOf(manifestOf(3, spread), 3)).toEqual([["/store/0"], ["/store/1"], ["/store/2"]]);
  }
  expect(pathsOf(manifestOf(2, "STATE_SPREAD_UNION"), 2)).toEqual([["/store/0", "/store/1"], ["/store/0", "/store/1"]]);
});

test("own state goes on to instance i modulo the parallelism, none is lost", () => {
  expect(pathsOf(manifestOf(3, "STATE_SPREAD_INSTANCE"), 2)).toEqual([["/store/0", "/store/2"], ["/store/1"]]);
  expect(pathsOf(manifestOf(2, "STATE_SPREAD_INSTANCE"), 4)).toEqual([["/store/0"], ["/store/1"], [], []]);
});

test("every key group has one owner, who gets the file that has it, from any parallelism to any other", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 16 }), (before, after) => {
    const tasks = restored(manifestOf(before, "STATE_SPREAD_KEY_GROUPS"), after);
    for (let group = 0; group < 128; group++) {
      const owners = tasks.filter(({ keyGroupFrom, keyGroupTo }) => keyGroupFrom! <= group && group < keyGroupTo!);
      expect(owners).toHaveLength(1);
      expect(owners[0]!.handles!.filter(({ file: one }) => one!.keyGroupFrom! <= group && group < one!.keyGroupTo!)).toHaveLength(1);
    }
  }));
});

test("state that fits no operator is refused with its name, unless it may be dropped", () => {
  const gone = manifestOf(2, "STATE_SPREAD_INSTANCE", { operators: [{ nodeId: "source", name: "Old", kind: "batch", parallelism: 2, fingerprint: "f" }] });
  expect(() => planRestore(gone, planOf(), options)).toThrow(/"Old"/);
  expect(planRestore(gone, planOf(), { ...options, allowDropped: true }).forWorker(0).tasks).toEqual([]);
});

test("another kind of operator, other key groups, and records in flight before another parallelism are refused", () => {
  const other = manifestOf(2, "STATE_SPREAD_INSTANCE");
  expect(() => planRestore({ ...other, operators: other.operators.map((each) => ({ ...each, kind: "map" })) }, planOf(), options)).toThrow(/was a map/);
  expect(() => planRestore(manifestOf(2, "STATE_SPREAD_KEY_GROUPS", { maxParallelism: 256 }), planOf(), options)).toThrow(/256 key groups/);
  expect(() => planRestore(manifestOf(2, "STATE_SPREAD_FIXED"), planOf({ parallelism: 3 }), options)).toThrow(/in flight/);
});

test("a task that had ended begins ended; rescaled, only if all of them had", () => {
  const half = manifestOf(2, "STATE_SPREAD_INSTANCE");
  const tasks = half.tasks.map((task) => ({ ...task, finished: task.index === 0 }));
  expect(restored({ ...half, tasks }, 2).map(({ finished }) => finished)).toEqual([true, false]);
  expect(restored({ ...half, tasks }, 3).map(({ finished }) => finished)).toEqual([false, false, false]);
  expect(restored({ ...half, tasks: half.tasks.map((task) => ({ ...task, finished: true })) }, 3).map(({ finished }) => finished)).toEqual([true, true, true]);
});
