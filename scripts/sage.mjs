// `pnpm sage …`: the command line from this clone. Builds what is older than its sources, then runs it in this process,
// with the arguments as they are.
//
// The look at the sources is a walk over their times of change; whether something must really be built is turbo's
// business, which goes by content.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, "node_modules/.sage-built");
const products = ["packages/cli/dist/sage.mjs", "packages/jobmanager-server/dist/daemon.mjs", "packages/runtime/dist/worker.mjs"];
const considered = new Set(["src", "scripts", "package.json", "tsconfig.json"]);

/** Whether a source is newer than the last build, or a product is missing. */
function isStale() {
  if (!existsSync(stamp) || products.some((path) => !existsSync(join(root, path)))) return true;
  const builtMs = statSync(stamp).mtimeMs;
  const folders = ["packages", "apps"].filter((level) => existsSync(join(root, level))).flatMap((level) => readdirSync(join(root, level)).map((name) => join(root, level, name)));
  return folders.some((folder) => readdirSync(folder).some((entry) => considered.has(entry) && isNewer(join(folder, entry), builtMs)));
}

function isNewer(path, builtMs) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs > builtMs && !path.endsWith(".test.ts");
  // A folder changes when a file in it is removed.
  return stat.mtimeMs > builtMs || readdirSync(path).some((name) => isNewer(join(path, name), builtMs));
}

function build() {
  const bin = join(root, "node_modules/.bin");
  if (!existsSync(join(bin, "turbo"))) {
    process.stderr.write("sage: nothing is installed yet\n  next: npx -y pnpm@10.34.9 install\n");
    process.exit(1);
  }
  const started = new Date();
  process.stderr.write("sage: the sources have changed, building …\n");
  // turbo needs a pnpm on PATH, and not everybody has one.
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`, TURBO_TELEMETRY_DISABLED: "1" };
  const { status, stdout, stderr, error } = spawnSync(join(bin, "turbo"), ["run", "build", "--filter=@sage/cli...", "--output-logs=errors-only"], { cwd: root, env, encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) {
    process.stderr.write(`${stdout ?? ""}${stderr ?? ""}sage: the build failed${error ? `: ${error.message}` : ""}\n`);
    process.exit(1);
  }
  writeFileSync(stamp, "");
  utimesSync(stamp, started, started); // what changed meanwhile is newer
}

if (isStale()) build();
const { main } = await import(pathToFileURL(join(root, products[0])).href);
const words = process.argv.slice(2);
await main(words[0] === "--" ? words.slice(1) : words); // `pnpm sage -- …` hands its own `--` on
