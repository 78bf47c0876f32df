// The few facts of a host that change from minute to minute, by as few processes there as can be (three, where nothing
// runs): what `status` asks of a hundred hosts, over and over.
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
  readonly processes: readonly ProcessState[];
}

const body = `
printf 'clock\\t%s\\n' "$(date +%s%N)" # first: it is compared with when it was sent and when it arrived
${listBody}
while read -r key value _; do case $key in MemAvailable:) printf 'memory\\t%s\\n' "$value"; break ;; esac; done </proc/meminfo
place=$(at "$2")
while [ ! -e "$place" ]; do place=\${place%/*}; [ -n "$place" ] || place=/; done
df -Pk "$place" 2>/dev/null | { read -r _; read -r _ _ _ free _; printf 'disk\\t%s\\n' "$free"; } || :
list_records "$(at "$1")/run"
echo end
`;

/** @throws what `host.run` throws; an Error if the host's answer is not whole. */
export async function glanceAt(host: Host, { sageHome, dir }: { readonly sageHome: string; readonly dir: string }, options: { readonly signal?: AbortSignal; readonly deadlineMs?: number } = {}): Promise<Glance> {
  const command = script(body, [checkRemotePath(sageHome), checkRemotePath(dir)], { name: "sage-glance" });
  const sentAtMs = Date.now();
  let heardAtMs: number | undefined;
  const { stdout } = await host.run(command, { ...options, onOutput: () => { heardAtMs ??= Date.now(); } });
  return parseGlance(stdout, { sentAtMs, heardAtMs: heardAtMs ?? Date.now() });
}

/** @throws an Error if `text` is not a whole answer. */
export function parseGlance(text: string, { sentAtMs, heardAtMs }: { readonly sentAtMs: number; readonly heardAtMs: number }): Glance {
  if (!text.endsWith("\nend\n")) throw new Error("the host's answer is not whole");
  const one = (key: string) => new RegExp(`^${key}\\t(\\d+)$`, "m").exec(text)?.[1] ?? "0";
  const hostMs = Number(BigInt(one("clock")) / 1_000_000n);
  return {
    clockOffsetMs: Math.round(hostMs - (sentAtMs + heardAtMs) / 2), clockErrorMs: Math.ceil((heardAtMs - sentAtMs) / 2),
    memoryFreeBytes: Number(one("memory")) * 1024, diskFreeBytes: Number(one("disk")) * 1024, processes: parseProcesses(text),
  };
}
