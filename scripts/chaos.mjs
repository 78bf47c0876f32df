// `pnpm chaos [--minutes N] [--faults N] [--seed S] [--subject NAME] [--kill-points N] [--soak N] [--json]`: breaks running
// jobs again and again, and checks their ledgers. Exit code 1 if anything is missing, double or left over, or if memory grows.
//
// A run is a row of rounds, each with a job of another shape and a seed of its own: S, S + 1, … The line of a round says
// how to play its faults again. With --seed there is one round, with --faults each has so many. From 10 minutes on, half of
// the time is a soak: one daemon all along, whose memory is watched. --soak N is N minutes of that alone, --kill-points N
// kills the daemon at N steps of what people do to jobs.

import { build } from "esbuild";
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { minutes: { type: "string" }, faults: { type: "string" }, seed: { type: "string" }, subject: { type: "string" }, "kill-points": { type: "string" }, soak: { type: "string" }, json: { type: "boolean" } } });
const isOne = values.seed !== undefined;
const firstSeed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const faults = Number(values.faults ?? 12);
const minutes = Number(values.minutes ?? (isOne ? 60 : 1));
const soakMinutes = values.soak === undefined ? (!isOne && minutes >= 10 ? minutes / 2 : 0) : Number(values.soak);
const killPoints = Number(values["kill-points"] ?? 0);
const endMs = performance.now() + (minutes - (values.soak === undefined ? soakMinutes : 0)) * 60_000;

const scratch = join(root, "packages/jobmanager-server/dist");
mkdirSync(scratch, { recursive: true });
const dir = mkdtempSync(join(scratch, "chaos-"));
try {
  const outfile = join(dir, "chaos.mjs");
  await build({
    entryPoints: [join(root, "tests/e2e/chaos/index.ts")], outfile, bundle: true, platform: "node", target: "node20.19", format: "esm", conditions: ["sage-source"],
    external: ["esbuild", "libsql"], logLevel: "error", plugins: [{ name: "places", setup: keepPlaces }],
    banner: { js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);' },
  });
  const { runChaos, runKillPoints, runSoak, subjectOf, subjects } = await import(pathToFileURL(outfile).href);
  const log = (text) => { if (!values.json) process.stderr.write(`${text}\n`); };
  const say = (report, facts, again) => {
    if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    log(`${report.ok ? "the ledger is right" : report.mistakes.join("\n")}: ${facts} (again: pnpm chaos ${again})`);
    if (!report.ok) process.exitCode = 1;
  };
  const onFault = (fault, nth) => log(`${nth}. ${fault}`);
  if (values.subject !== undefined && !subjects.includes(values.subject)) throw new Error(`--subject ${values.subject}: there are ${subjects.join(", ")}`);
  if (killPoints > 0) {
    const report = await runKillPoints({ seed: firstSeed, points: killPoints, onPoint: onFault });
    say(report, `${report.deaths} deaths of the daemon, ${report.jobs} jobs, ${Math.round(report.ms / 1_000)} s`, `--kill-points ${killPoints} --seed ${firstSeed}`);
  }
  const isRounds = values.soak === undefined && killPoints === 0;
  for (let seed = firstSeed; isRounds && (seed === firstSeed || (!isOne && performance.now() < endMs)); seed++) {
    const subject = values.subject ?? subjectOf(seed);
    log(`seed ${seed}: ${subject}`);
    const report = await runChaos({ seed, subject, faults, forMs: Math.max(1_000, endMs - performance.now()), onFault }).catch((error) => ({ seed, subject, ok: false, mistakes: [error.stack] }));
    const facts = report.numbers === undefined ? "broken off" : `${report.numbers} numbers, ${report.checkpoints} checkpoints, ${report.restarts} restarts, ${Math.round(report.ms / 1_000)} s`;
    say(report, facts, `--seed ${seed} --subject ${subject} --faults ${faults}`);
  }
  if (soakMinutes > 0) {
    log(`soak of ${soakMinutes} minutes`);
    const onMemory = (memory) => {
      for (const { name, middleMiB, lastMiB, highestRssMiB, points, rssPoints } of memory) log(`memory of ${name}: ${middleMiB} MiB in the middle third, ${lastMiB} MiB in the last; ${highestRssMiB} MiB resident at most: ${points.join(" ")}; resident: ${rssPoints.join(" ")}`);
    };
    const report = await runSoak({ seed: firstSeed, minutes: soakMinutes, onFault, onMemory });
    say(report, `${report.restarts} restarts`, `--soak ${soakMinutes} --seed ${firstSeed}`);
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
