// The daemon as a program: flags and environment in, a ready line out, signals to the end.
//
//   --host H --port N --http-port N|off --home DIR --worker-entry FILE --heartbeat-timeout-ms N
//   --grace-period-ms N (so long a worker goes on without its daemon; default 60,000)
//   --token-file FILE --tls-cert FILE --tls-key FILE --tls-ca FILE --tls-client-ca FILE --insecure (see door-flags.ts)
//   --checkpoint-store FOLDER|s3://BUCKET/PREFIX (or SAGE_CHECKPOINTS_STORE; credentials as AWS' tools take them)
//   --keep-checkpoints N (or SAGE_CHECKPOINTS_KEEP; default 3)
//   --keep-history N (moves that the history of a job keeps; default 400)
//   --parent-stdin --remove-home --ray-dashboard URL
//   --ray-address ray://H:P|http://H:P|auto --ray-runs all|remote --ray-start (a Ray of its own, if none runs here)
//   --ray-placement spread|pack --advertise-host H --workers-port N --data-ports FROM-TO
//   --warm-workers N (here, or on each host of Ray; default 1, with --parent-stdin none here)
//   --worker-path FILE (again and again: where the worker lies on the hosts of Ray) --node-path FILE (the same for Node)
//
// SAGE_RAY_ADDRESS stands for --ray-address, SAGE_RAY_DASHBOARD for --ray-dashboard; without
// either Ray is asked where its dashboard is. Ray's token is looked for where Ray
// itself looks: RAY_AUTH_TOKEN, RAY_AUTH_TOKEN_PATH, ~/.ray/auth_token.
//
// Rules: stdout has one line, JSON, once the daemon listens; stderr has why it did not, or why it died. SIGTERM or
// SIGINT ends it in order, the second one at once; with --parent-stdin the end of stdin counts as SIGTERM. With
// --remove-home it takes its home with it: for a daemon of one program, which may be killed before it could.

import { isSageError, messageOf, SageError } from "@sage/core";
import { runFileName, type DaemonReady } from "@sage/protocol";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { storeSettings } from "./checkpoint/stores/store-settings.ts";
import { doorFlags, doorSettings } from "./door-flags.ts";
import { rayDashboard, rayFlags, raySettings } from "./ray-flags.ts";
import { wholeNumber } from "./usage.ts";
import { defaultHttpPort, defaultPort, startDaemon, type Daemon, type DaemonOptions, type HttpOptions } from "./compose.ts";

const require = createRequire(import.meta.url);

interface Settings extends DaemonOptions {
  readonly version: string;
  readonly endsWithStdin: boolean;
  readonly removesHome: boolean;
}

async function settingsFrom(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Settings> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: { type: "string" }, port: { type: "string" }, home: { type: "string" }, "grace-period-ms": { type: "string" },
      "http-port": { type: "string" }, "worker-entry": { type: "string" }, "heartbeat-timeout-ms": { type: "string" }, "parent-stdin": { type: "boolean" }, "remove-home": { type: "boolean" },
      "checkpoint-store": { type: "string" }, "keep-checkpoints": { type: "string" }, "keep-history": { type: "string" },
      ...rayFlags, ...doorFlags,
    },
  });
  const heartbeatTimeout = values["heartbeat-timeout-ms"];
  const gracePeriod = values["grace-period-ms"];
  const ray = await raySettings(values, env);
  const shownRay = await rayDashboard(values, env);
  const store = values["checkpoint-store"] ?? env["SAGE_CHECKPOINTS_STORE"];
  const keep = values["keep-checkpoints"] ?? env["SAGE_CHECKPOINTS_KEEP"];
  const keepHistory = values["keep-history"];
  const http = httpOptions(values["http-port"], values.port === "0", values["parent-stdin"] ?? false);
  return {
    home: resolve(values.home ?? env["SAGE_HOME"] ?? join(homedir(), ".sage")),
    host: values.host ?? "127.0.0.1",
    port: wholeNumber("--port", values.port ?? String(defaultPort), 65_535),
    workerEntry: values["worker-entry"] ?? env["SAGE_WORKER_ENTRY"] ?? installedWorkerEntry(),
    version: (require("../package.json") as { version: string }).version,
    endsWithStdin: values["parent-stdin"] ?? false,
    hasSuccessor: !values["parent-stdin"],
    warmWorkers: wholeNumber("--warm-workers", values["warm-workers"] ?? (values["parent-stdin"] ? "0" : "1"), 1_024),
    removesHome: values["remove-home"] ?? false,
    ...(http ? { http: { ...http, rayDashboard: shownRay } } : {}),
    ...(ray ? { ray } : {}),
    ...(store ? { checkpointStore: await storeSettings(store, env) } : {}),
    ...(keep ? { keepCheckpoints: wholeNumber("--keep-checkpoints", keep, 1_000) || 1 } : {}),
    ...(keepHistory ? { keepHistory: wholeNumber("--keep-history", keepHistory, 100_000) || 1 } : {}),
    ...(await doorSettings(values, env)),
    ...(gracePeriod ? { gracePeriodMs: wholeNumber("--grace-period-ms", gracePeriod, 86_400_000) } : {}),
    ...(heartbeatTimeout ? { timing: { heartbeatTimeoutMs: wholeNumber("--heartbeat-timeout-ms", heartbeatTimeout, 86_400_000) } } : {}),
  };
}

/** A daemon of a program's own, which ends with it, has no door for browsers unless it is told to. */
function httpOptions(flag: string | undefined, anyPort: boolean, ofOneProgram: boolean): HttpOptions | undefined {
  if (flag === "off" || (flag === undefined && ofOneProgram)) return undefined;
  const port = flag === undefined ? (anyPort ? 0 : defaultHttpPort) : wholeNumber("--http-port", flag, 65_535);
  return { port, mayMove: flag === undefined, pageDir: join(dirname(fileURLToPath(import.meta.url)), "dashboard") };
}

function installedWorkerEntry(): string {
  try {
    return require.resolve("@sage/runtime/worker");
  } catch (error) {
    throw new SageError(`the worker's program is not there: ${messageOf(error)}`, {
      code: "SAGE_WORKER_ENTRY_MISSING", fault: "sage", cause: error, hint: "Build the packages, or name the program by --worker-entry.",
    });
  }
}

async function main(): Promise<void> {
  const settings = await settingsFrom(process.argv.slice(2), process.env);
  const daemon = await startDaemon(settings);
  dieLoudly(daemon);
  const runFile = join(settings.home, runFileName);
  const ready: DaemonReady = {
    pid: process.pid, host: daemon.host, port: daemon.port, startedAtMs: daemon.startedAtMs, version: settings.version, home: settings.home,
    ...(daemon.httpPort === undefined ? {} : { httpPort: daemon.httpPort }), ...(daemon.tls ? { tls: daemon.tls } : {}),
  };
  await writeWhole(runFile, JSON.stringify(ready));
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  await endRequested(settings.endsWithStdin);
  process.once("SIGTERM", () => daemon.force());
  process.once("SIGINT", () => daemon.force());
  await rm(runFile, { force: true });
  await daemon[Symbol.asyncDispose]();
  if (settings.removesHome) await rm(settings.home, { recursive: true, force: true });
  process.exit(0); // whatever a library still holds open
}

function endRequested(withStdin: boolean): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
    process.on("SIGHUP", () => {}); // the terminal it was started from has gone
    if (withStdin) process.stdin.on("end", resolve).on("error", () => resolve()).resume();
  });
}

/** A state that nobody foresaw: jobs are on disk, so ending is safer than going on. */
function dieLoudly({ logger }: Daemon): void {
  const die = (error: unknown) => {
    logger.error("the daemon dies of an error that nobody caught", { error });
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    setTimeout(() => process.exit(1), 100); // the log's last line
  };
  process.on("uncaughtException", die);
  process.on("unhandledRejection", die);
}

async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

main().catch((error: unknown) => {
  const text = isSageError(error) ? [error.message, error.hint].filter(Boolean).join("\n") : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});
