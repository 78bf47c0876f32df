// `pnpm chaos [--minutes N] [--faults N] [--seed S] [--json]`: breaks a running job again and again, and checks its ledger.
// Exit code 1 if anything is missing, double or left over; the seed that is printed plays the same faults again.

import { build } from "esbuild";
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { minutes: { type: "string" }, faults: { type: "string" }, seed: { type: "string" }, json: { type: "boolean" } } });
const minutes = Number(values.minutes ?? (values.faults ? 60 : 1));
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));

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
  const { runChaos } = await import(pathToFileURL(outfile).href);
  const log = (text) => process.stderr.write(`${text}\n`);
  log(`seed ${seed}`);
  const report = await runChaos({ seed, faults: values.faults ? Number(values.faults) : Infinity, forMs: minutes * 60_000, onFault: (fault, nth) => { if (!values.json) log(`${nth}. ${fault}`); } });
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else log(`${report.ok ? "the ledger is right" : report.mistakes.join("\n")}: ${report.numbers} numbers, ${report.checkpoints} checkpoints, ${report.restarts} restarts, ${Math.round(report.ms / 1_000)} s, seed ${seed}`);
  process.exitCode = report.ok ? 0 : 1;
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
