// The end of a log on a host, once or as it grows.
import { CommandFailedError, refusedExitCode, script, type OutputStream } from "@sage/ssh-deploy";
import { NoLogError } from "./errors.ts";
import { daemonLog, rayLog } from "./layout.ts";
import type { ClusterSession, Target } from "./session.ts";

export interface LogsOptions {
  readonly lines: number;
  readonly follow?: boolean;
  /** "ray": what `ray start` wrote, and then Ray's own logs of the running session; "daemon": the JobManager's. */
  readonly of: "ray" | "daemon";
  readonly onText: (text: string, stream: OutputStream) => void;
}

/** Ends when the log has been printed, or, following, when the session's signal fires. */
export async function readLogs(session: ClusterSession, target: Target, { lines, follow = false, of, onText }: LogsOptions): Promise<void> {
  const host = await session.host(target);
  const { host: spec } = target;
  const sessionLogs = `${spec.tempDir}/session_latest/logs`;
  const files = of === "daemon"
    ? [daemonLog(target)]
    : [rayLog(spec), ...["gcs_server.out", "raylet.out", "raylet.err", "dashboard.log", "monitor.log"].map((name) => `${sessionLogs}/${name}`)];
  const command = script(`
lines=$1 follow=$2
shift 2
for file; do # the list of those that are there
  shift
  path=$(at "$file")
  [ ! -s "$path" ] || set -- "$@" "$path"
done
[ $# -gt 0 ] || exit ${refusedExitCode}
if [ "$follow" = yes ]; then exec tail -n "$lines" -F "$@"; fi
for path; do
  [ $# -eq 1 ] || printf '==> %s <==\\n' "$path"
  tail -n "$lines" "$path"
done
`, [lines, follow ? "yes" : "no", ...files]);
  try {
    await host.run(command, { onOutput: onText, signal: session.signal, deadlineMs: follow ? Number.POSITIVE_INFINITY : 60_000 });
  } catch (error) {
    throw error instanceof CommandFailedError && error.exitCode === refusedExitCode ? new NoLogError(target.name, of === "daemon" ? "the JobManager" : "Ray") : error;
  }
}
