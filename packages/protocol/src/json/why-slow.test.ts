import { describe, expect, test } from "vitest";
import { emptyInstance } from "../empty-instance.ts";
import type { InstanceView__Output as InstanceView } from "../gen/sage/v1/InstanceView.ts";
import { whySlow, withOperator, type SlowJob } from "./why-slow.ts";

type Load = readonly [busy: number, backPressured: number, idle: number, turn?: number];
interface Given { readonly name: string; readonly kind?: string; readonly loads: readonly Load[]; readonly recordsIn?: readonly number[]; readonly by?: "hash" | "rebalance"; readonly more?: Partial<InstanceView> }

/** A job whose operators stand one behind the other, each in a chain of its own. */
function job(operators: readonly Given[], over: Partial<SlowJob> = {}): SlowJob {
  const node = ({ name, kind = "map", loads }: Given) => ({ id: name, name, kind, parallelism: loads.length, concurrency: 1 });
  const plan = {
    nodes: operators.map(node), chains: operators.map(({ name, loads }) => ({ id: name, name, parallelism: loads.length, nodes: [name] })),
    edges: operators.slice(1).map(({ name, by = "rebalance" }, i) => ({ from: operators[i]!.name, to: name, chained: false, feedback: false, partitioning: by })),
  };
  return {
    jobId: "j", plan, services: [], restarts: [], restartCount: 0,
    operators: operators.map(({ name, kind = "map", loads, recordsIn = [], more }) => ({
      nodeId: name, name, kind, chain: name,
      instances: loads.map(([busy, backPressured, idle, turn = 0], index) => ({ ...emptyInstance(index), state: "running", busyMsPerSecond: busy, backPressuredMsPerSecond: backPressured, idleMsPerSecond: idle, turnMsPerSecond: turn, recordsIn: recordsIn[index] ?? 100, ...more })),
    })),
    ...over,
  } as unknown as SlowJob;
}

test("the bottleneck is who is busy while those before it are back-pressured, with the parallelism that would help", () => {
  const found = whySlow(job([
    { name: "read", kind: "file", loads: [[400, 500, 100]] },
    { name: "parse", loads: [[500, 400, 100]] },
    { name: "score", loads: [[1_000, 0, 0], [900, 0, 100]] },
    { name: "write", kind: "sink", loads: [[100, 0, 900]] },
  ]));
  expect(found.bottleneck).toEqual({ chainId: "score", chain: "score", operators: ["score"], operator: "score", parallelism: 2, busy: 1, pressure: 0.4, workerIndex: 0, parallelismThatHelps: 4 }); // 2 × 0.95 / (1 - 0.4)
  expect(found.findings[0]!.text).toBe("score is the bottleneck: instance 0 is busy 100 % of its time (its 2 instances on average 95 %), and parse waits for it 40 % of its time");
  expect(found.findings[1]!.text).toMatch(/^about 4 instances of it would keep up \(now 2\)/);
});

test("a hot key is named instead of a parallelism that would not help", () => {
  const found = whySlow(job([
    { name: "read", kind: "file", loads: [[100, 800, 100]] },
    { name: "count", by: "hash", loads: [[1_000, 0, 0], [50, 0, 950], [50, 0, 950]], recordsIn: [9_000, 500, 500] },
  ]));
  expect(found.bottleneck?.parallelismThatHelps).toBeUndefined();
  expect(found.findings.map(({ kind }) => kind)).toEqual(["bottleneck", "skew"]);
  expect(found.findings[1]).toMatchObject({ index: 0, operator: "count" });
  expect(found.findings[1]!.text).toContain("instance 0 of 3 takes 90 % of the records");
});

test("a slow sink, a full worker, a slow service and a block of the event loop are named", () => {
  const block = { atMs: 1, durationMs: 2_500, isOver: false, stack: "    at spin (src/ops.ts:7:3)" };
  const found = whySlow(job([
    { name: "read", kind: "file", loads: [[1_000, 0, 0, 300]] },
    { name: "write", kind: "sink", loads: [[900, 0, 100, 500]], more: { block, blocks: 1 } },
  ], { services: [{ name: "llm", index: 0, state: "ready", calls: 10, failures: 2, restarts: 0, queued: 12 }] as unknown as SlowJob["services"] }));
  expect(found.findings.map(({ kind }) => kind)).toEqual(["blocked", "source", "parallelism", "worker", "service", "service"]);
  expect(found.findings[0]!.text).toBe("write[0] blocks its worker's event loop since 2.5 s: nothing else of worker 0 goes on:\n    at spin (src/ops.ts:7:3)");
  const sink = whySlow(job([{ name: "read", kind: "file", loads: [[100, 900, 0]] }, { name: "write", kind: "sink", loads: [[1_000, 0, 0]] }]));
  expect(sink.findings[0]).toMatchObject({ kind: "sink", operator: "write" });
});

test("a job that waits for its sources has no bottleneck, and one that was not measured says so", () => {
  const idle = whySlow(job([{ name: "kafka", kind: "source", loads: [[20, 0, 980]] }, { name: "map", loads: [[10, 0, 990]] }]));
  expect(idle.bottleneck).toBeUndefined();
  expect(idle.findings).toEqual([{ kind: "idle", text: "nothing holds the job back: its sources (kafka) wait for their input 98 % of their time, and every operator keeps up" }]);
  expect(whySlow(job([{ name: "a", kind: "source", loads: [[0, 0, 0]] }])).findings.map(({ kind }) => kind)).toEqual(["unknown"]);
  expect(whySlow({ ...job([]), plan: undefined }).findings.map(({ kind }) => kind)).toEqual(["unknown"]);
});

test("a source that produces all the time is no bottleneck where everything behind it keeps up", () => {
  const ticks: Given = { name: "ticks", kind: "source", loads: [[1_000, 0, 0]] };
  const found = whySlow(job([ticks, { name: "map", loads: [[30, 0, 970]] }, { name: "write", kind: "sink", loads: [[20, 0, 980]] }]));
  expect(found.bottleneck).toBeUndefined();
  expect(found.findings).toHaveLength(1);
  expect(found.findings[0]).toMatchObject({ kind: "source", operator: "ticks" });
  expect(found.findings[0]!.text).toMatch(/^the job runs as fast as its source gives: ticks is at it 100 % of its time, .* everything behind it keeps up/);
  expect(whySlow(job([ticks, { name: "map", loads: [[900, 0, 100]] }])).bottleneck).toBeDefined();
});

test("of a chain that begins with its source, it is said that the source's waits count", () => {
  const one = job([{ name: "ticks", kind: "source", loads: [[1_000, 0, 0]] }, { name: "map", loads: [[1_000, 0, 0]] }]);
  const plan = { ...one.plan!, chains: [{ id: "ticks", name: "ticks → map", parallelism: 1, nodes: ["ticks", "map"] }], edges: one.plan!.edges.map((edge) => ({ ...edge, chained: true })) };
  expect(whySlow({ ...one, plan } as SlowJob).findings[0]!.text).toBe("the chain ticks → map sets the pace: it is busy 100 % of its time, its source's own waits included, and nothing behind it holds it back");
});

describe("of a chain of several operators", () => {
  const chained = job([{ name: "ticks", kind: "source", loads: [[1_000, 0, 0]] }, { name: "map", loads: [[1_000, 0, 0]] }]);
  const { plan } = chained;
  const answer = whySlow({ ...chained, plan: { ...plan!, chains: [{ id: "ticks", name: "ticks → map", parallelism: 1, nodes: ["ticks", "map"] }], edges: [{ ...plan!.edges[0]!, chained: true }] } } as SlowJob);
  const look = (...operators: readonly (readonly [name: string, totalMs: number, waitedMs: number])[]) =>
    withOperator(answer, { durationMs: 1_000, operators: operators.map(([name, totalMs, waitedMs]) => ({ name, totalMs, waitedMs })) });

  test("the one whose code takes most is named, with the others' parts; those of other chains are not counted", () => {
    const { bottleneck, findings } = look(["else", 300, 0], ["ticks", 120, 0], ["map", 500, 0]);
    expect(bottleneck).toMatchObject({ operator: "map", operators: ["ticks", "map"] });
    expect(findings[1]).toEqual({ kind: "operator", operator: "map", index: 0, text: "of its operators map takes most: its code runs 50 % of the time; ticks 12 %" });
  });

  test("one that is waited for is named as such", () => {
    expect(look(["ticks", 20, 0], ["map", 10, 900]).findings[1]).toMatchObject({ operator: "map", text: "of its operators map takes most: the chain waits 90 % of the time for its promises; ticks 2 %" });
  });

  test("none is named where their code takes little, and one alone in its chain without a look", () => {
    expect(look(["ticks", 20, 0], ["map", 30, 0])).toMatchObject({ findings: [{}, { kind: "operator", text: expect.stringContaining("none of its operators is to blame: their code takes 5 % of the time") }, {}] });
    expect(look(["ticks", 20, 0]).bottleneck?.operator).toBeUndefined();
    const alone = whySlow(job([{ name: "read", kind: "file", loads: [[400, 500, 100]] }, { name: "score", loads: [[1_000, 0, 0]] }]));
    expect(alone.bottleneck?.operator).toBe("score");
    expect(withOperator(alone, { durationMs: 1_000, operators: [] })).toBe(alone);
  });
});
