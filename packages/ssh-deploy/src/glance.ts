// The few facts of a host that change from minute to minute, by as few processes there as can be (a shell, `date` and
// `stat`, which reads no list of mounts as `df` does): what `status` asks of a hundred hosts, over and over.
import type { Host } from "./host.ts";
import { listBody } from "./process-scripts.ts";
import { parseProcesses, type ProcessState } from "./processes.ts";
import { script } from "./remote-script.ts";
import { checkRemotePath } from "./safe-names.ts";

export interface Glance {
  /** How far the host's clock is ahead of this machine's, give or take `clockErrorMs`. */
  readonly clockOffsetMs: number;
  readonly clockErrorMs: number;
  readonly memoryFreeBytes: number;
  /** Where the folder is, or would be. */
  readonly diskFreeBytes: number;
  /** Processes that Sage started, running or not. */
  readonly processes: readonly Omit<ProcessState, "members">[];
}

/** What is asked: Sage's folder there, and the folder whose disk is of interest. */
export interface GlanceQuestion {
  readonly sageHome: string;
  readonly dir: string;
}

/** How an answer ends. */
export const glanceEnd = "\nend\n";

const look = `
date +'clock %s%N' # first: it is compared with when it was sent and when it arrived
while read -r key value _; do case $key in MemAvailable:) echo "memory $value"; break ;; esac; done </proc/meminfo
set_at "$1"
list_records "$place/run"
set_at "$2"
while [ ! -e "$place" ]; do place=\${place%/*}; [ -n "$place" ] || place=/; done
stat -f -c 'disk %a %S' "$place" 2>/dev/null || :
echo end
`;

const question = ({ sageHome, dir }: GlanceQuestion) => [checkRemotePath(sageHome), checkRemotePath(dir)];

/** Whether the clock was told by now: a login shell may say things of its own before. */
export const saysClock = (text: string): boolean => /^clock /m.test(text);

/** Answers once. */
const once = (asked: GlanceQuestion) => script(`${listBody}${look}`, question(asked), { name: "sage-glance" });

/** Answers for every line of its stdin. */
export const glanceForEachLine = (asked: GlanceQuestion) => script(`${listBody}
while read -r _; do
${look}
done
`, question(asked), { name: "sage-glances" });

/** @throws what `host.run` throws; an Error if the host's answer is not whole. */
export async function glanceAt(host: Host, asked: GlanceQuestion, options: { readonly signal?: AbortSignal; readonly deadlineMs?: number } = {}): Promise<Glance> {
  const sentAtMs = Date.now();
  let text = "";
  let heardAtMs: number | undefined;
  const { stdout } = await host.run(once(asked), {
    ...options,
    onOutput: (piece) => {
      text += piece;
      if (saysClock(text)) heardAtMs ??= Date.now();
    },
  });
  return parseGlance(stdout, { sentAtMs, heardAtMs: heardAtMs ?? Date.now() });
}

/** @throws an Error if `text` is not a whole answer. */
export function parseGlance(text: string, { sentAtMs, heardAtMs }: { readonly sentAtMs: number; readonly heardAtMs: number }): Glance {
  if (!text.endsWith(glanceEnd)) throw new Error("the host's answer is not whole");
  const one = (key: RegExp) => key.exec(text)?.[1] ?? "0";
  const hostMs = Number(BigInt(one(/^clock (\d+)$/m)) / 1_000_000n);
  return {
    clockOffsetMs: Math.round(hostMs - (sentAtMs + heardAtMs) / 2), clockErrorMs: Math.ceil((heardAtMs - sentAtMs) / 2),
    memoryFreeBytes: Number(one(/^memory (\d+)$/m)) * 1024, diskFreeBytes: Number(one(/^disk (\d+) \d+$/m)) * Number(one(/^disk \d+ (\d+)$/m)), processes: parseProcesses(text),
  };
}
