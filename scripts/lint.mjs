// The checks that read code instead of running it. `node scripts/lint.mjs` runs all; each prints what is wrong and
// where. Exported for `verify.mjs`, which counts each as one check.

import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { layerViolations } from "./layers.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, "node_modules/.bin", name);

/** Runs a command; resolves to its output when it fails, to nothing when it succeeds. */
const complaintsOf = (command, ...args) =>
  new Promise((resolve) => {
    execFile(command, args, { cwd: root, maxBuffer: 1 << 26 }, (error, stdout, stderr) => resolve(error ? `${stdout}${stderr}`.trim() || String(error) : ""));
  });

/** Name of each check → its complaints, empty when there are none. */
export const checks = {
  "every source, test, example and benchmark type-checks": () => complaintsOf(bin("tsc"), "-p", "tsconfig.json"),
  "no floating promise, no cycle, no console in a library (oxlint)": () => complaintsOf(bin("oxlint"), "--type-aware", "--quiet"),
  "imports between packages only go down": () => layerViolations(root),
  "no dead file, export or dependency (knip)": () => complaintsOf(bin("knip"), "--no-progress"),
  "generated code is what proto/ and worker-host.py say": () => complaintsOf(process.execPath, "scripts/generate.mjs", "--check"),
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, check] of Object.entries(checks)) {
    const complaints = await check();
    console.log(`${complaints ? "FAIL" : "ok  "} ${name}${complaints ? `\n${complaints}` : ""}`);
    if (complaints) process.exitCode = 1;
  }
}
