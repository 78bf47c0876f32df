// pnpm bench [CASE…] [--json]: how fast Sage is, each figure beside a peer measured in the same run.
//
// A case is an exported function of a module in `cases/` whose name ends in `Case`; it runs in a fresh process, pinned
// to one core unless it sets `cores`, for at most 10 minutes unless it sets `minutes`. It resolves to rows {case, value, unit, peer, peerValue}, where more is better
// unless the unit is one of memory or time, and checks its own sums. Targets are ratios, in targets.json.

import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { cpus } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const { values: flags, positionals: wanted } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" } } });
const targets = JSON.parse(readFileSync(join(here, "targets.json"), "utf8"));
const lessIsBetter = new Set(["ms", "s", "MB", "CPU ns each", "CPU us each"]);

const hasTaskset = (() => {
  try {
    execFileSync("taskset", ["-V"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** Bundles a case with the sources of the packages, so that no build can be stale. */
async function bundleCase(file) {
  const outfile = join(here, ".cache", `${basename(file, ".ts")}.mjs`);
  await build({
    entryPoints: [join(here, "cases", file)], outfile, bundle: true, format: "esm", platform: "node", target: "node20", conditions: ["sage-source"],
    define: { __dirname: '"/"' }, // ssh2 names a Windows program by it, at load
    external: ["esbuild", "libsql", "msgpackr-extract"], logLevel: "error",
    banner: { js: `import { createRequire as _cr } from "node:module"; const require = _cr(${JSON.stringify(pathToFileURL(join(here, "cases", file)).href)});` },
  });
  return outfile;
}

/** Runs one case in its own process; resolves to its rows. */
function runCase(module, name, cores, minutes) {
  const script = `const m = await import(${JSON.stringify(pathToFileURL(module).href)}); process.stdout.write("\\n@@" + JSON.stringify(await m[${JSON.stringify(name)}]()) + "\\n"); process.exit(0);`;
  const node = [process.execPath, "--expose-gc", "--input-type=module", "-e", script];
  const command = hasTaskset && cores === 1 ? ["taskset", "-c", "0", ...node] : node;
  return new Promise((resolve, reject) => {
    execFile(command[0], command.slice(1), { cwd: dirname(here), maxBuffer: 1 << 26, timeout: minutes * 60_000 }, (error, stdout, stderr) => {
      const rows = /^@@(.*)$/m.exec(stdout)?.[1];
      if (rows) resolve(JSON.parse(rows));
      else reject(new Error(`${name}: ${stderr.trim().split("\n").slice(-6).join("\n") || error?.message}`));
    });
  });
}

function judge(row) {
  if (row.peerValue === undefined) return row;
  const ratio = row.ratio ?? (lessIsBetter.has(row.unit) ? row.peerValue / row.value : row.value / row.peerValue);
  const target = targets[`${row.case} / ${row.peer}`];
  return { ...row, ratio: Number(ratio.toFixed(2)), ...(target === undefined ? {} : { target, ok: ratio >= target }) };
}

const show = (row) => {
  if (row.peerValue === undefined) return `${row.case.padEnd(44)} ${row.peer} is not installed: ${row.missing}`;
  const figure = (value) => (value >= 1e6 ? `${(value / 1e6).toFixed(2)} M` : value >= 1e3 ? `${(value / 1e3).toFixed(1)} k` : value.toFixed(1));
  const verdict = row.target === undefined ? "" : `${row.ok ? "ok  " : "MISS"} target ${row.target}`;
  return `${row.case.padEnd(44)} ${figure(row.value).padStart(9)} ${row.unit.padEnd(13)} ${row.peer.padEnd(26)} ${figure(row.peerValue).padStart(9)}   ratio ${row.ratio.toFixed(2).padStart(6)}  ${verdict}`;
};

mkdirSync(join(here, ".cache"), { recursive: true });
if (!flags.json) console.log(`${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}${hasTaskset ? "" : ", taskset is missing: nothing is pinned"}`);
const files = readdirSync(join(here, "cases")).filter((name) => name.endsWith(".ts")).map((file) => {
  const source = readFileSync(join(here, "cases", file), "utf8");
  return { file, source, names: [...source.matchAll(/export async function (\w+)Case\b/g)].map((found) => found[1]) };
});
const all = new Set(files.flatMap(({ names }) => names));
/** A word that is the name of a case means that one alone. */
const isWanted = (file, name) => wanted.length === 0 || wanted.some((word) => (all.has(word) ? word === name : `${file} ${name}`.toLowerCase().includes(word.toLowerCase())));

for (const { file, source, names } of files) {
  const chosen = names.filter((name) => isWanted(file, name)).map((name) => `${name}Case`);
  const module = chosen.length > 0 ? await bundleCase(file) : "";
  for (const name of chosen) {
    const setting = (what, otherwise) => Number(new RegExp(`${name}\\.${what} = (\\d+)`).exec(source)?.[1] ?? otherwise);
    try {
      for (const row of (await runCase(module, name, setting("cores", 1), setting("minutes", 10))).map(judge)) {
        console.log(flags.json ? JSON.stringify(row) : show(row));
        if (row.ok === false) process.exitCode = 1;
      }
    } catch (error) {
      console.error(`FAILED ${error.message}`);
      process.exitCode = 1;
    }
  }
}
