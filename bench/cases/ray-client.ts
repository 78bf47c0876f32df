// Our Ray client beside Python's own, against one real head: a call and its answer, many calls at once, a large value
// there and back. Rounds alternate, and both check what they get. Needs the venv that the tests of ray-control make.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { connectRay, type ActorHandle, type RaySession } from "../../packages/ray-control/src/index.ts";
import { startRayHead, type RayHead } from "../../packages/ray-control/src/testing/ray-head.ts";
import { isInstalled, newestRay, venvPath } from "../../packages/ray-control/src/testing/ray-venv.ts";
import { median, type CaseResult } from "./results.ts";

interface Round {
  readonly callMs: number;
  readonly perSecond: number;
  readonly megabytesPerSecond: number;
}

const rounds = 5;
const calls = 300;
const atOnce = 1_000;
const largeBytes = 30_000_000;
const source = "class Counter:\n    def __init__(self): self.n = 0\n    def add(self, k):\n        self.n += k\n        return self.n\n";

export async function rayClientCase(): Promise<CaseResult[]> {
  if (!(await isInstalled(newestRay))) throw new Error(`Ray ${newestRay} is missing at ${venvPath(newestRay)}: run the tests of packages/ray-control once, they install it`);
  await using head = await startRayHead(newestRay);
  await using ray = await connectRay(head.address);
  await using counter = await ray.actor({ source, className: "Counter", options: { numCpus: 0.1 } });
  await counter.call("add", [1]);
  await using peer = await startPeer(head);
  const ours: Round[] = [];
  const theirs: Round[] = [];
  for (let i = 0; i <= rounds; i++) {
    ours.push(await measure(ray, counter));
    theirs.push(await peer.round());
  }
  return report(ours.slice(1), theirs.slice(1)); // the first warms up
}
rayClientCase.cores = 2;

async function measure(ray: RaySession, counter: ActorHandle): Promise<Round> {
  const times: number[] = [];
  let total = 0;
  for (let i = 0; i < calls; i++) {
    const start = performance.now();
    total = (await counter.call("add", [1])) as number;
    times.push(performance.now() - start);
  }
  const start = performance.now();
  const values = await ray.getAll(await Promise.all(Array.from({ length: atOnce }, () => counter.submit("add", [1]))));
  const atOnceMs = performance.now() - start;
  if (values.some((value, i) => value !== total + 1 + i)) throw new Error("wrong values");
  const large = Buffer.alloc(largeBytes, "x");
  const startLarge = performance.now();
  await using ref = await ray.put(large);
  if (((await ray.get(ref)) as Buffer).length !== largeBytes) throw new Error("wrong size");
  return { callMs: median(times), perSecond: (atOnce * 1_000) / atOnceMs, megabytesPerSecond: (2 * largeBytes) / 1e3 / (performance.now() - startLarge) };
}

function report(ours: readonly Round[], theirs: readonly Round[]): CaseResult[] {
  const row = (name: string, unit: string, figure: (round: Round) => number): CaseResult =>
    ({ case: `ray client: ${name}`, value: median(ours.map(figure)), unit, peer: "Python's Ray Client", peerValue: median(theirs.map(figure)) });
  return [
    row("a call, p50", "ms", (round) => round.callMs),
    row("1,000 calls at once", "calls/s", (round) => round.perSecond),
    row("30 MB there and back", "MB/s", (round) => round.megabytesPerSecond),
  ];
}

interface Peer extends AsyncDisposable {
  round(): Promise<Round>;
}

async function startPeer(head: RayHead): Promise<Peer> {
  const script = fileURLToPath(new URL("../programs/ray-client-peer.py", import.meta.url));
  const child = spawn(`${head.venv}/bin/python`, [script, head.address, ...[calls, atOnce, largeBytes].map(String)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const line = await lines.next();
    if (line.done) throw new Error("Python's client has ended");
    return JSON.parse(line.value) as Round;
  };
  await answer();
  return {
    async round() {
      child.stdin.write("go\n");
      return answer();
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}
