// `head logs`, `worker logs`, `jobmanager logs`: text as it comes, not a result; only `--json` makes lines of data.
import type { ClusterSession, Target } from "@sage/cluster";
import { streamingCommand, type AnyCommand } from "../command.ts";
import type { OptionTable } from "../options.ts";
import { clusterOptions, withCluster } from "./with-cluster.ts";

interface LogLine {
  readonly host: string;
  readonly text: string;
}

const options = {
  ...clusterOptions,
  lines: { type: "integer", value: "N", min: 0, help: "lines from the end of each log; default 20" },
  follow: { type: "boolean", short: "f", help: "go on with what is written, until Ctrl-C" },
} as const satisfies OptionTable;
const remoteOption = { remote: { type: "boolean", help: "on the cluster's head; default: there where one is configured, else on this machine" } } as const;
const hostOption = { host: { type: "string", value: "HOST", help: "which worker" } } as const;

export const logCommand = (path: string, summary: string, of: "ray" | "daemon", target: (session: ClusterSession, host: string | undefined) => Target, takesHost = false): AnyCommand => streamingCommand({
  path, summary,
  options: { ...options, ...(takesHost ? hostOption : {}), ...(of === "daemon" ? remoteOption : {}) } as typeof options,
  async *stream(context): AsyncGenerator<LogLine> {
    const { readLogs } = await import("@sage/cluster");
    const { lines = 20, follow, host, remote = false } = context.options as { readonly lines?: number; readonly follow: boolean; readonly host?: string; readonly remote?: boolean };
    const waiting: LogLine[] = [];
    let wake = () => {};
    let isOver = false;
    let rest = "";
    const reading = withCluster({ ...context, isShort: true, orThisMachine: of === "daemon" && !remote }, async (session) => {
      const chosen = target(session, host);
      const onText = (text: string) => {
        const parts = (rest + text).split("\n");
        rest = parts.pop() ?? "";
        waiting.push(...parts.map((part) => ({ host: chosen.name, text: part })));
        wake();
      };
      await readLogs(session, chosen, { lines, follow, of, onText });
      if (rest !== "") onText("\n");
    }).finally(() => {
      isOver = true;
      wake();
    });
    reading.catch(() => {});
    while (!isOver || waiting.length > 0) {
      yield* waiting.splice(0);
      if (!isOver && waiting.length === 0) await new Promise<void>((resolve) => { wake = resolve; });
    }
    await reading;
  },
  print: ({ text }, io) => io.line(text),
});
