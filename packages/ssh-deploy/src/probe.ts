// The facts of a host, by one script in one round trip: what plans are made from and `status` and `doctor` show.
import { script } from "./remote-script.ts";
import type { Host } from "./host.ts";
import { listBody } from "./process-scripts.ts";
import { parseProbe, type HostFacts } from "./host-facts.ts";
import { checkRemotePath } from "./safe-names.ts";

export interface ProbeQuestions {
  /** Sage's folder on the host; its records, runtimes and current release are read. */
  readonly sageHome: string;
  /** Folders that are wanted: whether they are there or can be made, their free space, their mark. */
  readonly dirs?: readonly string[];
  /** Ports of which it is told who listens. */
  readonly ports?: readonly number[];
  /**
   * Pythons whose version, and the version of Ray in them, is asked: names or paths. Each costs about 50 ms of the host's
   * processor; default: none.
   */
  readonly pythons?: readonly string[];
  /** `ray` commands: which Python is behind them, and its Ray. Default: none. */
  readonly rays?: readonly string[];
  /** Whether the version of `node` is asked; default false. */
  readonly node?: boolean;
}

/** Names under which a Python may be found, for `pythons`. */
export const usualPythons: readonly string[] = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python3.9"];

const body = `
printf 'clock\\t%s\\n' "$(date +%s%N)" # first: it is compared with when it was sent and when it arrived
tell() { key=$1; shift; printf '%s' "$key"; for value; do printf '\\t%s' "$value"; done; printf '\\n'; }
${listBody}
home=$(at "$1")
shift
tell who "$(id -un)" "$(id -u)" "$HOME" "\${SHELL:-}"
tell system "$(uname -s)" "$(uname -m)" "$(uname -r)" "$(uname -n)"
tell glibc "$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2 || :)"
tell distribution "$(. /etc/os-release 2>/dev/null && echo "\${PRETTY_NAME:-}" || :)"
tell cpus "$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 0)"
awk '/^MemTotal:/ { total = $2 } /^MemAvailable:/ { free = $2 } END { printf "memory\\t%d\\t%d\\n", total, free }' /proc/meminfo
tell tools "$(for tool in tar sha256sum flock setsid timeout awk python3 gcc; do ! command -v $tool >/dev/null || printf '%s ' $tool; done)"
tell current "$(readlink "$home/app/current" 2>/dev/null || :)"
for dir in "$home"/runtimes/*/; do [ ! -x "$dir/bin/node" ] || { dir=\${dir%/}; tell runtime "\${dir##*/}"; }; done
list_records "$home/run" all

python_facts='import sys
try:
    import importlib.metadata as m
    ray = m.version("ray")
except Exception:
    ray = ""
print("%d.%d.%d" % sys.version_info[:3], sys.executable, ray, sep="\\t")'
about_dir() {
  path=$(at "$1") there=yes place=$path
  if [ ! -e "$path" ]; then
    there=no
    while [ ! -e "$place" ]; do place=\${place%/*}; [ -n "$place" ] || place=/; done
  fi
  if [ -w "$place" ] && [ -d "$place" ]; then may=yes; else may=no; fi
  link=no; [ ! -L "$path" ] || link=yes
  tell dir "$1" "$there" "$may" "$(df -Pk "$place" 2>/dev/null | awk 'NR == 2 { print $4 }')" "$link" "$(head -c 128 "$path/.sage-cluster" 2>/dev/null | head -n 1 || :)"
}
about_python() {
  found=$(command -v "$(at "$2")" 2>/dev/null) || return 0
  facts=$(timeout 20 "$found" -c "$python_facts" 2>/dev/null) || return 0
  tell "$1" "$2" "$found" "$facts"
}
about_ray() {
  found=$(command -v "$(at "$1")" 2>/dev/null) || return 0
  interpreter=$(head -n 1 "$found" | sed -n 's/^#! *//p')
  case $interpreter in */env\\ *) interpreter=\${interpreter##* } ;; esac
  facts=$(timeout 20 "$interpreter" -c "$python_facts" 2>/dev/null) || facts=
  tell ray "$1" "$found" "$facts"
}
ports=
for question; do
  what=\${question#*:}
  case $question in
    dir:*) about_dir "$what" ;;
    python:*) about_python python "$what" ;;
    ray:*) about_ray "$what" ;;
    port:*) ports="$ports $what" ;;
    node:*) found=$(command -v "$what" 2>/dev/null) && tell node "$found" "$("$found" --version 2>/dev/null)" || : ;;
  esac
done
if [ -n "$ports" ]; then
  users=$(ss -Hltnp 2>/dev/null || :)
  for port in $ports; do
    hex=$(printf '%04X' "$port")
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v hex=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == hex { found = 1 } END { exit !found }' || continue
    tell port "$port" "$(printf '%s\\n' "$users" | awk -v end=":$port" 'substr($4, length($4) - length(end) + 1) == end && $6 != "" { print $6; exit }')"
  done
fi
echo end
`;

/**
 * @throws what `host.run` throws; an Error if the host's answer is not whole.
 */
export async function probeHost(host: Host, questions: ProbeQuestions, options: { readonly signal?: AbortSignal; readonly deadlineMs?: number } = {}): Promise<HostFacts> {
  const { dirs = [], ports = [], pythons = [], rays = [], node = false } = questions;
  const command = script(body, [
    checkRemotePath(questions.sageHome), ...dirs.map((dir) => `dir:${checkRemotePath(dir)}`), ...ports.map((port) => `port:${Math.trunc(port)}`),
    ...pythons.map((python) => `python:${python}`), ...rays.map((ray) => `ray:${ray}`), ...(node ? ["node:node"] : []),
  ], { name: "sage-probe" });
  const sentAtMs = Date.now();
  let heardAtMs: number | undefined;
  const { stdout } = await host.run(command, { ...options, onOutput: () => { heardAtMs ??= Date.now(); } });
  return parseProbe(stdout, { sentAtMs, heardAtMs: heardAtMs ?? Date.now() });
}
