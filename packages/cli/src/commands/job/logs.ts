import { streamingCommand } from "../../command.ts";
import { showClock } from "../../durations.ts";
import { OperatorNotFoundError } from "../../errors.ts";
import { escapeLines } from "../../escape.ts";
import { paint, type StyleName } from "../../io.ts";
import { logJson } from "../../job-view.ts";

const levels = ["debug", "info", "warn", "error"] as const;
const levelStyles: Readonly<Record<string, StyleName>> = { warn: "yellow", error: "red", debug: "dim" };

export const jobLogs = streamingCommand({
  path: "job logs",
  summary: "Print what a job and its operators logged and printed",
  args: ["job"],
  argHelp: { job: "number in the list, id, or the beginning of an id" },
  onDaemon: true,
  reads: true,
  options: {
    follow: { type: "boolean", short: "f", help: "go on until the job has ended" },
    tail: { type: "integer", short: "n", value: "N", min: 0, max: 1_000_000, help: "only the last N lines of what is there" },
    operator: { type: "string", value: "NAME", help: "only this operator's lines" },
    level: { type: "string", value: "LEVEL", choices: levels, help: "only lines of at least this level" },
  },
  async *stream({ args, options, connect, signal, io }) {
    const client = await connect();
    const { jobId, operators } = await client.resolveJob(args.job, { signal });
    if (options.operator !== undefined && operators.length > 0 && !operators.some(({ name }) => name === options.operator)) throw new OperatorNotFoundError(options.operator, operators.map(({ name }) => name));
    if (options.tail === 0 && !options.follow) return;
    const wanted = { follow: options.follow, signal, ...(options.tail ? { tail: options.tail } : {}), ...(options.operator === undefined ? {} : { operator: options.operator }), ...(options.level === undefined ? {} : { level: options.level }) };
    try {
      yield* client.logs(jobId, wanted);
    } finally {
      if (signal.aborted) io.note(`detached; the job goes on. Follow it again: sage job logs -f ${jobId}`);
    }
  },
  print(line, io) {
    const who = line.operator === "" ? "" : ` ${line.operator}[${line.index}]`;
    const style = levelStyles[line.level];
    for (const text of escapeLines(line.text)) {
      io.line(paint("dim", `${showClock(line.timeMs)}${who} `), style ? paint(style, text) : text);
    }
  },
  toJson: logJson,
});
