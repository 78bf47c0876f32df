// A daemon that a page only believes in: its websocket, with more jobs and operators than are run in a test.

import type { Page, WebSocketRoute } from "playwright-core";

type Topic = "jobs" | "job" | "server";
type Answers = Partial<Record<Topic, (id: number) => object>>;
const told = new WeakMap<Page, Answers>();

async function believe(page: Page, answers: Answers): Promise<void> {
  const known = told.get(page);
  if (known) return void Object.assign(known, answers);
  told.set(page, answers);
  await page.routeWebSocket(/\/api\/v1\/ws$/, (socket: WebSocketRoute) => {
    socket.onMessage((text) => {
      const message = JSON.parse(String(text)) as { type: string; id: number; topic: Topic };
      const answer = message.type === "subscribe" ? told.get(page)?.[message.topic] : undefined;
      if (answer) socket.send(JSON.stringify({ type: "data", id: message.id, topic: message.topic, atMs: Date.now(), ...answer(message.id) }));
    });
  });
}

const at = "2026-11-21T12:00:00.000Z";

const row = (number: number) => ({
  jobId: `id-${number}`, number, name: `job ${number} of many`, phase: "COMPLETED", status: ["completed", "failed", "stopped"][number % 3],
  submittedAt: at, startedAt: at, endedAt: at, runtimeMs: number * 1_000, records: number * 1_000, attempt: 1, parallelism: 1, failure: null,
  dispatcher: null, labels: {}, resourcesReleased: true, warnings: [], revision: 1, restartCount: 0, stateBytes: 0,
});

/** The page will see so many jobs. To be called before it is opened. */
export async function manyJobs(page: Page, count: number): Promise<void> {
  await believe(page, { jobs: () => ({ whole: true, removed: [], jobs: Array.from({ length: count }, (_, index) => row(index + 1)) }) });
}

/** Each job that the page opens has so many operators, in chains of three, each chain feeding two others. */
export async function wideJob(page: Page, operators: number, status = "running"): Promise<void> {
  const ids = Array.from({ length: operators }, (_, index) => index);
  const instance = { index: 0, state: "running", host: "here", pid: 1, recordsIn: 1, recordsOut: 1, skipped: 0, deadLettered: 0, retried: 0, bytesIn: 0, bytesOut: 0, progress: -1, workerId: "w" };
  const checkpoint = { kind: "savepoint", state: "complete", triggeredAt: at, durationMs: 120, bytes: 4_096, newBytes: 4_096, attempt: 1, alignmentMs: 3, reason: "by request", path: "", savepointId: "" };
  const chains = ids.filter((id) => id % 3 === 0).map((id) => ({ id: `n${id}`, parallelism: 1, nodes: [id, id + 1, id + 2].filter((each) => each < operators).map((each) => `n${each}`) }));
  const plan = {
    nodes: ids.map((id) => ({ id: `n${id}`, kind: "map", name: `operator ${id}`, parallelism: 1 })),
    chains,
    edges: chains.slice(1).map(({ id }, index) => ({ from: `n${Math.floor(index / 2) * 3 + 2}`, to: id, partitioning: "hash", feedback: false, chained: false })),
  };
  await believe(page, {
    job: () => ({
      samples: [],
      job: {
        ...row(1), jobId: "wide", name: "wide", status, endedAt: null, history: [], services: [], checkpoints: [{ ...checkpoint, id: 4 }, { ...checkpoint, id: 5, kind: "checkpoint", state: "failed", reason: "timed out" }], restarts: [], guarantee: "exactly-once", guaranteeReason: "", plan,
        operators: ids.map((id) => ({ nodeId: `n${id}`, name: `operator ${id}`, kind: "map", chain: "", instances: [instance] })),
      },
    }),
  });
}
