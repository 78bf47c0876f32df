// Everything that CI runs: build, the checks of lint.mjs, and every test. Ends with `N passed, N failed` on a line.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installDebianPackages } from "./debian-packages.mjs";
import { checks } from "./lint.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, "node_modules/.bin"); // turbo needs a pnpm on PATH
const scratch = mkdtempSync(join(tmpdir(), "sage-verify-"));
const totals = { passed: 0, failed: 0, skipped: 0 };

const run = (command, ...args) =>
  new Promise((resolve) => {
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`, TURBO_TELEMETRY_DISABLED: "1", FORCE_COLOR: process.stdout.isTTY ? "1" : "0" };
    const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", () => resolve(1));
    child.on("exit", (code) => resolve(code ?? 1));
  });

function count(name, passed, complaints = "") {
  totals[passed ? "passed" : "failed"]++;
  console.log(`${passed ? "ok  " : "FAIL"} ${name}${complaints ? `\n${complaints}` : ""}`);
}

/** Runs one vitest project and adds its figures. A run that dies before it reports counts as a failure. */
async function test(project) {
  const report = join(scratch, `${project}.json`);
  const code = await run(join(bin, "vitest"), "run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`);
  let figures;
  try {
    figures = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return count(`vitest project ${project} reports`, false);
  }
  totals.passed += figures.numPassedTests;
  totals.failed += figures.numFailedTests;
  for (const file of figures.testResults) {
    if (file.status === "failed" && !file.assertionResults.some((each) => each.status === "failed")) count(`${file.name} loads`, false, file.message);
    for (const each of file.assertionResults) {
      if (!["skipped", "pending", "todo"].includes(each.status)) continue;
      totals.skipped++;
      console.log(`SKIPPED ${each.fullName}`);
    }
  }
  if (code !== 0 && figures.numFailedTests === 0) count(`vitest project ${project} ends without error`, false);
}

try {
  console.log("— Debian packages that the tests need");
  const missing = installDebianPackages();
  if (missing) console.log(`not installed, so tests that need them are skipped: ${missing}`);
  console.log("— build");
  const built = await run(join(bin, "turbo"), "run", "build", "--output-logs=errors-only");
  count("every package builds", built === 0);
  if (built === 0) {
    console.log("— checks");
    for (const [name, check] of Object.entries(checks)) {
      const complaints = await check();
      count(name, complaints === "", complaints);
    }
    for (const project of ["unit", "integration"]) {
      console.log(`— ${project} tests`);
      await test(project);
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
console.log(`${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ""}`);
