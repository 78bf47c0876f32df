import type { WhySlow } from "@sage/jobmanager-client";
import { messageOf } from "@sage/core";
import { command } from "../../command.ts";
import { escapeLines } from "../../escape.ts";
import { paint, type Io } from "../../io.ts";
import { renderTable } from "../../table.ts";

interface Profiled {
  readonly file: string;
  readonly workerIndex: number;
  readonly host: string;
  readonly durationMs: number;
  /** Those whose code took most first; of this worker. */
  readonly operators: readonly { readonly name: string; readonly totalMs: number; readonly waitedMs: number }[];
  readonly functions: readonly { readonly name: string; readonly place: string; readonly selfMs: number; readonly totalMs: number; readonly isUsers: boolean }[];
}

interface Answer extends WhySlow {
  readonly profile?: Profiled;
}

const defaultSeconds = 5;
/** Without --profile, to see which operator of a chain it is. */
const shortLookMs = 1_000;
const mostFunctions = 12;
const mostOperators = 6;

export const jobWhySlow = command({
  path: "job why-slow",
  summary: "Name what holds a job back, and what would help",
  args: ["job"],
  argHelp: { job: "number in the list, id, or the beginning of an id" },
  onDaemon: true,
  reads: true,
  options: {
    profile: { type: "integer", value: "SECONDS", max: 300, withoutValue: defaultSeconds, help: `take a V8 CPU profile of the worker in question for so long; default ${defaultSeconds}` },
    worker: { type: "integer", value: "N", min: 0, help: "profile this worker; default: that of the bottleneck, else of the source" },
  },
  details: "Where several operators run as one chain, the worker is looked at for a second to name the one that takes most. The profile is written to a .cpuprofile file in this folder, which Chrome's DevTools, VS Code and speedscope open.",
  examples: ["sage job why-slow 3", "sage job why-slow 3 --profile 10"],
  async run({ args, options, connect, cwd, io, signal }): Promise<Answer> {
    const { whySlow, withOperator } = await import("@sage/jobmanager-client");
    const client = await connect();
    const { jobId } = await client.resolveJob(args.job, { signal });
    const answer = whySlow(await client.get(jobId, { signal }));
    if (options.profile === undefined) {
      if (answer.bottleneck === undefined || answer.bottleneck.operator !== undefined) return answer;
      const { workerIndex } = answer.bottleneck;
      io.note(`looking at worker ${workerIndex} for a second …`);
      try {
        return withOperator(answer, await client.profile(jobId, { workerIndex, durationMs: shortLookMs, signal }));
      } catch (error) {
        if (signal.aborted) throw error;
        io.note(`which of its operators it is could not be seen: ${messageOf(error)}`);
        return answer;
      }
    }
    const [{ gunzipSync }, { writeFile }, { join }] = await Promise.all([import("node:zlib"), import("node:fs/promises"), import("node:path")]);
    const workerIndex = options.worker ?? answer.bottleneck?.workerIndex ?? answer.findings.find(({ kind }) => kind === "source")?.index ?? 0;
    io.note(`profiling worker ${workerIndex} for ${options.profile} s …`);
    const { cpuprofileGzip, functions, operators, host, durationMs } = await client.profile(jobId, { workerIndex, durationMs: options.profile * 1_000, signal });
    const file = `sage-${jobId.slice(0, 8)}-worker-${workerIndex}.cpuprofile`;
    await writeFile(join(cwd, file), gunzipSync(cpuprofileGzip));
    const named = workerIndex === answer.bottleneck?.workerIndex ? withOperator(answer, { durationMs, operators }) : answer;
    return { ...named, profile: { file, workerIndex, host, durationMs, operators, functions } };
  },
  print({ findings, profile }, io) {
    for (const { text } of findings) {
      const [first = "", ...more] = escapeLines(text);
      io.line(paint("bold", "• "), first);
      for (const line of more) io.line(paint("dim", `  ${line}`));
    }
    if (profile) printProfile(profile, io);
  },
});

function printProfile({ file, workerIndex, host, durationMs, operators, functions }: Profiled, io: Io): void {
  const part = (ms: number) => `${((ms * 100) / durationMs).toFixed(1)}%`;
  io.line();
  io.line(`Worker ${workerIndex} on ${host}, ${(durationMs / 1_000).toFixed(1)} s, written to ${file}:`);
  if (operators.length > 0) io.line(`By operator: ${operators.slice(0, mostOperators).map(({ name, totalMs, waitedMs }) => `${name} ${part(totalMs)}${waitedMs > 0 ? ` (waited for ${part(waitedMs)})` : ""}`).join(", ")}`);
  io.rawLines(renderTable(functions.slice(0, mostFunctions), [
    { title: "SELF", value: ({ selfMs }) => part(selfMs), align: "right" },
    { title: "TOTAL", value: ({ totalMs }) => part(totalMs), align: "right" },
    { title: "FUNCTION", value: ({ name }) => name, minWidth: 8 },
    { title: "PLACE", value: ({ place }) => place || "-", minWidth: 8 },
  ], io.width, io.paint));
}
