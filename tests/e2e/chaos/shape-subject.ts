// A pipeline of programs/ledger.ts in real workers: sources count slowly until the faults are over.

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { mistakesOf } from "../ledger-shapes.ts";
import type { Subject, SubjectPlace } from "./subject.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export interface ShapePace {
  /** Numbers of each source. */
  readonly limit: number;
  /** Between 40 numbers, until the faults are over. */
  readonly pauseMs: number;
}

export async function submitShape(shape: string, parallelism: number, { dir, home, port }: SubjectPlace, { limit, pauseMs }: ShapePace = { limit: 60_000, pauseMs: 40 }): Promise<Subject> {
  const out = join(dir, "ledger");
  const params = Object.entries({ out, shape, limit, slow: pauseMs }).flatMap(([name, value]) => ["--param", `${name}=${value}`]);
  const args = ["job", "submit", "tests/e2e/programs/ledger.ts", "--json", "--port", String(port), "--parallelism", String(parallelism), ...params];
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, "scripts/sage.mjs"), ...args], { cwd: root, env: { ...process.env, NO_COLOR: "1", SAGE_HOME: home } });
  const { jobId } = JSON.parse(stdout.trim().split("\n").findLast((line) => line.startsWith("{")) ?? "{}") as { jobId: string };
  return {
    jobId,
    end: () => writeFile(`${out}.hurry`, ""),
    mistakes: async () => ({ numbers: limit, mistakes: await mistakesOf(shape, out, limit) }),
  };
}
