// `pnpm chaos [--minutes N] [--faults N] [--seed S] [--subject NAME] [--json]`: breaks running jobs again and again, and
// checks their ledgers. Exit code 1 if anything is missing, double or left over.
//
// A run is a row of rounds, each with a job of another shape and a seed of its own: S, S + 1, … The line of a round says
// how to play its faults again. With --seed there is one round, with --faults each has so many.

import { build } from "esbuild";
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { minutes: { type: "string" }, faults: { type: "string" }, seed: { type: "string" }, subject: { type: "string" }, json: { type: "boolean" } } });
const isOne = values.seed !== undefined;
const firstSeed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const faults = Number(values.faults ?? 12);
const endMs = performance.now() + Number(values.minutes ?? (isOne ? 60 : 1)) * 60_000;

const scratch = join(root, "packages/jobmanager-server/dist");
mkdirSync(scratch, { recursive: true });
const dir = mkdtempSync(join(scratch, "chaos-"));
try {
  const outfile = join(dir, "chaos.mjs");
  await build({
    entryPoints: [join(root, "tests/e2e/chaos/chaos.ts")], outfile, bundle: true, platform: "node", target: "node20.19", format: "esm", conditions: ["sage-source"],
    external: ["esbuild", "libsql"], logLevel: "error", plugins: [{ name: "places", setup: keepPlaces }],
    banner: { js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);' },
  });
  const { runChaos, subjectOf, subjects } = await import(pathToFileURL(outfile).href);
  const log = (text) => { if (!values.json) process.stderr.write(`${text}\n`); };
  if (values.subject !== undefined && !subjects.includes(values.subject)) throw new Error(`--subject ${values.subject}: there are ${subjects.join(", ")}`);
  for (let seed = firstSeed; seed === firstSeed || (!isOne && performance.now() < endMs); seed++) {
    const subject = values.subject ?? subjectOf(seed);
    log(`seed ${seed}: ${subject}`);
    const report = await runChaos({ seed, subject, faults, forMs: Math.max(1_000, endMs - performance.now()), onFault: (fault, nth) => log(`${nth}. ${fault}`) });
    if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    const facts = `${report.numbers} numbers, ${report.checkpoints} checkpoints, ${report.restarts} restarts, ${Math.round(report.ms / 1_000)} s`;
    log(`${report.ok ? "the ledger is right" : report.mistakes.join("\n")}: ${facts} (again: pnpm chaos --seed ${seed} --subject ${subject} --faults ${faults})`);
    if (!report.ok) process.exitCode = 1;
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}

/** `import.meta.url` stays that of the source: the harness finds its other files by it. */
function keepPlaces({ onLoad }) {
  onLoad({ filter: /\/(tests\/e2e\/chaos|jobmanager-server\/src\/testing)\/.*\.ts$/ }, async ({ path }) => {
    const { readFile } = await import("node:fs/promises");
    return { contents: (await readFile(path, "utf8")).replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)), loader: "ts" };
  });
}
