// The main job, as a newcomer sees it: a daemon, two jobs on it, their list, and nothing left behind.
// Types the same commands that a person would, each shown before it runs.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const home = mkdtempSync(join(tmpdir(), "sage-demo-"));
const started = performance.now();
const out = process.argv[2] ?? "out/flights";
let step = 0;

const say = (text) => console.log(`\n[${++step}/4] ${text}`);

/** Runs `sage …` in the temporary home; resolves to what it printed, or ends the demo with its exit code. */
function sage(args, { quiet = false, show = `sage ${args.join(" ")}` } = {}) {
  if (!quiet) console.log(`$ ${show}`);
  return new Promise((resolve, reject) => {
    const env = { ...process.env, SAGE_HOME: home };
    const child = spawn(process.execPath, [join(root, "scripts/sage.mjs"), ...args], { cwd: root, env, stdio: ["ignore", quiet ? "pipe" : "inherit", "inherit"] });
    const stop = () => child.kill("SIGINT");
    process.on("SIGINT", stop);
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      process.off("SIGINT", stop);
      if (code === 0) resolve(output);
      else reject(Object.assign(new Error(`\`${show}\` ended with ${signal ?? `exit code ${code}`}`), { exitCode: code ?? 1 }));
    });
  });
}

try {
  say("a JobManager daemon on a free port of loopback, with a temporary home");
  await sage(["jobmanager", "start", "--host", "127.0.0.1", "--port", "0"]);
  const { port } = JSON.parse(await sage(["jobmanager", "status", "--json"], { quiet: true }));
  const daemon = ["--port", String(port)];
  say("five numbers, doubled and printed by a sink in a worker process of that daemon");
  await sage(["run", "examples/hello-remote-batch/main.ts", ...daemon]);
  say("three million flights: delays by airport and hour, at parallelism 4");
  await sage(["run", "examples/flights/main.ts", "--remote", ...daemon, "--param", `out=${out}`]);
  say("the list of jobs; then the daemon is stopped");
  await sage(["job", "list", ...daemon]);
} catch (error) {
  console.error(`\ndemo: ${error.message}`);
  process.exitCode = error.exitCode ?? 1;
} finally {
  await sage(["jobmanager", "stop"]).catch((error) => {
    console.error(`demo: ${error.message}`);
    process.exitCode = 1;
  });
  rmSync(home, { recursive: true, force: true });
}
if (!process.exitCode) console.log(`\ndone in ${((performance.now() - started) / 1000).toFixed(1)} s; no process, port or temporary file is left`);
