// A daemon whose workers are played by two other processes (`played-workers.ts`) instead of started. Any message asks it how
// many heartbeats they have sent.

import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { startDaemon, type WorkerExit } from "../../packages/jobmanager-server/src/index.ts";

const players = Array.from({ length: 2 }, () => fork(join(import.meta.dirname, "played-workers.mjs"), [], { execArgv: [] }));
for (const player of players) player.once("exit", () => process.exit(1));
let next = 0;
const daemon = await startDaemon({
  port: 0, home: process.argv[2]!, workerEntry: "", hasSuccessor: false, timing: { startupTimeoutMs: 240_000 },
  driver: {
    name: "played",
    isElsewhere: true,
    async start({ boot }) {
      players[next++ % players.length]!.send({ boot });
      let end = (_exit: WorkerExit): void => {};
      const exited = new Promise<WorkerExit>((resolve) => { end = resolve; });
      return { host: "played", pid: next, exited, gone: exited, kill: () => end({ code: null, signal: "SIGKILL" }), lastOutput: () => "" };
    },
  },
});
process.send!({ port: daemon.port });
process.on("message", () => void beats().then((count) => process.send!({ beats: count })));
process.on("disconnect", () => process.exit(0));

/** How many heartbeats the workers have sent so far. */
async function beats(): Promise<number> {
  const told = players.map((player) => once(player, "message") as Promise<[{ beats: number }]>);
  for (const player of players) player.send({});
  return (await Promise.all(told)).reduce((sum, [{ beats: count }]) => sum + count, 0);
}
