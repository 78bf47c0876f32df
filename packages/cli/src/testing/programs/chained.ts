// Three operators in one chain, of which one takes nearly all of the time: by computing, or by waiting.
import { setTimeout as sleep } from "node:timers/promises";
import { pipeline } from "@sage/pipeline";

function lightly(value: number): number {
  return value + 1;
}

function heavily(value: number): number {
  let sum = value;
  for (let i = 0; i < 20_000; i++) sum += Math.sqrt(i);
  return sum;
}

async function patiently(value: number): Promise<number> {
  await sleep(20);
  return value;
}

export default pipeline("chained", (env, { waits = false }: { waits?: boolean }) => {
  let n = 0;
  const light = env.fromBatch(() => n++).map(lightly);
  (waits ? light.map(patiently) : light.map(heavily)).sink(() => {});
});
