// Saved state as people meet it at the command line: where it is kept, what a checkpoint of a large one writes, what a
// changed program is told, and what is said of what cannot be saved.

import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mistakesOf } from "./ledger-shapes.ts";
import { lastJson, SageHome, type Ran } from "./sage.ts";

let home: SageHome;
let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "sage-state-"));
  home = await SageHome.make();
  await writeFile(join(home.folder, "config.yaml"), `checkpoints: { store: ${join(dir, "store")}, keep: 2 }\n`);
  await home.startDaemon();
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

interface Shown {
  readonly status: string;
  readonly recordsIn: number;
  readonly warnings: readonly string[];
  readonly failure?: { readonly message: string };
  readonly restoredFrom?: { readonly id: number };
  readonly checkpoints: readonly { readonly id: number; readonly state: string; readonly kind: string; readonly bytes: number; readonly newBytes: number; readonly path: string; readonly reason: string }[];
}

const job = (...args: string[]): Promise<Ran> => home.sage("job", ...args, ...home.daemon);
const show = async (jobId: string): Promise<Shown> => JSON.parse((await job("show", jobId, "--json")).stdout) as Shown;

async function when(jobId: string, what: (shown: Shown) => boolean): Promise<Shown> {
  for (;;) {
    const shown = await show(jobId);
    if (what(shown)) return shown;
  }
}

async function done(ran: Promise<Ran>): Promise<Ran> {
  const { code, stdout, stderr } = await ran;
  expect(code, `${stdout}${stderr}`).toBe(0);
  return { code, stdout, stderr };
}

async function submit(file: string, params: Record<string, string | number>, ...more: string[]): Promise<string> {
  const words = Object.entries(params).flatMap(([name, value]) => ["--param", `${name}=${value}`]);
  return (lastJson(await done(job("submit", `tests/e2e/programs/${file}`, "--json", ...words, ...more))) as { jobId: string }).jobId;
}

const complete = ({ checkpoints }: Shown) => checkpoints.filter(({ state }) => state === "complete");

test("checkpoints are in the configured folder, as many as configured, and savepoints besides", async () => {
  const jobId = await submit("kept.ts", {});
  await when(jobId, (shown) => shown.checkpoints.filter(({ state }) => state === "deleted").length > 1);
  await done(job("stop", jobId));
  const names = (await readdir(join(dir, "store", jobId))).sort();
  expect(names).toEqual([expect.stringMatching(/^chk-/), expect.stringMatching(/^chk-/), expect.stringMatching(/^sp-/)]);
  expect(complete(await show(jobId)).at(-1)!.path).toBe(join(dir, "store", jobId, names[2]!));
});

test("a changed program is refused with what differs, and accepted when it may leave state behind", async () => {
  const jobId = await submit("kept.ts", {});
  await when(jobId, (shown) => complete(shown).length > 0);
  await done(job("stop", jobId));
  const before = (JSON.parse((await job("list", "--json")).stdout) as unknown[]).length;
  const refused = await job("submit", "tests/e2e/programs/kept.ts", "--param", "name=totals", "--from", jobId);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('the saved state does not fit the program: operator "counts" (aggregate) has state and is not there any more; operator "totals" (aggregate) is new');
  expect(refused.stderr).toContain("--allow-dropped-state");
  expect(refused.stderr).not.toMatch(/^\s+at /m);
  expect((JSON.parse((await job("list", "--json")).stdout) as unknown[]).length).toBe(before); // no job was made
  const next = await submit("kept.ts", { name: "totals" }, "--from", jobId, "--allow-dropped-state");
  const shown = await when(next, (each) => complete(each).length > 0);
  expect(shown.status).toBe("running");
  expect(shown.restoredFrom).toBeDefined(); // what fits was taken: the source goes on where it was
  await done(job("stop", "--now", next));
});

test("a state that was renamed in its operator is refused with both names, or accepted, and named as long as nothing reads it", async () => {
  const jobId = await submit("kept.ts", {});
  await when(jobId, (shown) => complete(shown).length > 0);
  await done(job("stop", jobId));
  const refused = await submit("kept.ts", { state: "newest" }, "--from", jobId);
  const failed = await when(refused, ({ status }) => status === "failed");
  expect(failed.failure?.message).toContain('operator "last": the program has no value "last" any more; new is value "newest"');
  expect((await job("show", refused)).stdout).toContain("--allow-dropped-state");
  const accepted = await submit("kept.ts", { state: "newest" }, "--from", jobId, "--allow-dropped-state");
  await when(accepted, ({ warnings }) => warnings.some((warning) => warning.includes('of operator "last": value last; was it renamed? It asks for value newest')));
  expect((await job("logs", accepted, "--level", "warn")).stdout).toContain("was it renamed?");
  await done(job("stop", "--now", accepted));
});

test("a field that cannot be saved is named with its class and the two ways out", async () => {
  const jobId = await submit("kept.ts", { broken: "true" });
  await when(jobId, (each) => each.checkpoints.some(({ reason }) => reason.includes("Lookup"))); // before its first record there is nothing to save
  for (const words of [["savepoint", jobId], ["stop", jobId]]) {
    const { code, stderr } = await job(...words);
    expect(code).toBe(1);
    expect(stderr).toContain('operator "lookup" cannot be saved: field client of class Lookup is an instance of Client');
    expect(stderr.match(/lookup/g)).toHaveLength(1);
    expect(stderr).toContain("static snapshotFields = [");
    expect(stderr).toContain("snapshot() and restore(state)");
  }
  expect((await show(jobId)).status).toBe("running"); // it goes on, without checkpoints
  await done(job("stop", "--now", jobId));
});

test("a checkpoint of a large state writes what has changed; another job begins with its savepoint and writes no more", async () => {
  const out = join(dir, "layers");
  const limit = 60_000;
  const params = { shape: "layers", limit, out };
  const jobId = await submit("ledger.ts", params);
  const isSmall = ({ bytes, newBytes }: Shown["checkpoints"][number]) => bytes > 5_000_000 && newBytes < bytes / 10;
  await when(jobId, (shown) => complete(shown).some(isSmall));
  await done(job("stop", jobId));
  const savepoint = complete(await show(jobId)).at(-1)!;
  expect([savepoint.kind, savepoint.newBytes]).toEqual(["savepoint", savepoint.bytes]); // complete in itself
  const next = await submit("ledger.ts", params, "--from", jobId);
  const first = complete(await when(next, (shown) => complete(shown).length > 0))[0]!;
  expect(isSmall(first), JSON.stringify(first)).toBe(true);
  await done(job("delete", jobId));
  await done(job("watch", next));
  const shown = await show(next);
  expect([shown.status, shown.checkpoints.filter(({ state }) => state === "failed")]).toEqual(["completed", []]);
  expect(await mistakesOf("layers", out, limit)).toEqual([]);
});
