// The shell side of processes.ts: how a recorded process is told apart, started, listed and ended.
import type { Command } from "@sage/core";
import { script } from "./remote-script.ts";

// /proc/PID/stat: after the last ") " come fields 3 and on, so field n is word n - 2 (4 is the session, 20 the start).
const identity = `
boot() { cat /proc/sys/kernel/random/boot_id; }
read_record() { # sets pid start boot mark since what; false if there is no proper record
  [ -f "$1" ] || return 1
  { read -r pid && read -r start && read -r boot && read -r mark && read -r since && IFS= read -r what; } <"$1" || return 1
  case $pid$start$since in *[!0-9]*) return 1 ;; esac
  case $mark in *[!0-9a-f]*|'') return 1 ;; esac
}
look_at_leader() { # sets leader: runs, dead (nobody has collected it yet), gone or another. Starts no process itself
  leader=another
  read -r this_boot </proc/sys/kernel/random/boot_id
  [ "$boot" = "$this_boot" ] || return 0
  { stat=; while IFS= read -r line || [ -n "$line" ]; do stat="$stat $line"; done <"/proc/$pid/stat"; } 2>/dev/null || { leader=gone; return 0; }
  set -- \${stat##*) }
  [ "\${20:-}" = "$start" ] || return 0
  if [ "\${1:-Z}" = Z ]; then leader=dead; else leader=runs; fi
}
is_it() { look_at_leader; [ $leader = runs ]; }
# Everything that belongs to the record, one id a line. The kernel gives a session's number to no other process while
# a member lives, so the session is ours unless another process leads it. The mark alone does not do: programs that
# write their title into /proc, as Ray's do, write it over their environment.
members() {
  [ "$boot" = "$(boot)" ] || return 0
  look_at_leader
  {
    if [ $leader != another ]; then
      cat /proc/[0-9]*/stat 2>/dev/null | awk -v session="$pid" '{ id = $1; sub(/.*\\) /, ""); if ($4 == session && $1 != "Z") print id }'
    fi
    grep -lzxF "SAGE_PROCESS=$mark" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3
  } | sort -un
}
`;

/** How the line begins that each start writes into the log before the program writes its own. */
export const runBegins = "---- started";

/** Prints "started PID" or "was-running PID". */
export function startScript(args: { readonly recordsDir: string; readonly name: string; readonly logPath: string; readonly workDir: string; readonly mark: string; readonly shown: string; readonly words: readonly string[] }): Command {
  return script(`${identity}
records=$(at "$1") record=$records/$2 log=$(at "$3") workdir=$(at "$4") new_mark=$5 shown=$6
shift 6
mask=$(umask)
umask 077
mkdir -p "$records" "\${log%/*}"
exec 9<"$records"
flock 9 # one start at a time; then whoever is ending it is waited for
if [ -f "$record" ]; then exec 8<"$record"; flock 8; exec 8<&-; fi
if read_record "$record"; then
  if is_it; then echo "was-running $pid"; exit; fi
  left=$(members | tr '\\n' ' ')
  [ -z "$left" ] || fail "an earlier run has left processes ($left); stop it first"
fi
printf '%s %s: %s\n' '${runBegins}' "$(date '+%Y-%m-%d %H:%M:%S')" "\${record##*/}" >>"$log"
cd "$workdir"
command -v "$1" >/dev/null || fail "$1: not found"
umask "$mask"
# The substitution ends when the new process lets go of its stdout: when its record is written.
started=$(setsid sh -c '
  record=$1 log=$2 mark=$3 shown=$4
  shift 4
  mask=$(umask); umask 077
  {
    echo "$$"
    sed "s/.*) //" "/proc/$$/stat" | cut -d" " -f20
    cat /proc/sys/kernel/random/boot_id
    echo "$mark"
    date +%s
    printf "%s\\n" "$shown"
  } >"$record.new"
  mv -f "$record.new" "$record"
  umask "$mask"
  echo "$$"
  export SAGE_PROCESS="$mark"
  exec "$@" </dev/null >>"$log" 2>&1 9<&-
' sage "$record" "$log" "$new_mark" "$shown" "$@" &)
[ -n "$started" ] || fail "it did not start"
echo "started $started"
`, [args.recordsDir, args.name, args.logPath, args.workDir, args.mark, args.shown, ...args.words], { name: "sage-start" });
}

/** Prints "was-stopped", "stopped" or "killed"; fails with what is left. Waits `graceMs` between SIGTERM and SIGKILL. */
export function stopScript(recordsDir: string, name: string, graceMs: number): Command {
  return script(`${identity}
records=$(at "$1") record=$(at "$1")/$2 tenths=$3
[ -d "$records" ] || { echo was-stopped; exit; }
exec 8<"$records"
flock -w 15 8 || : # a start under way, also one whose caller is dead, has written its record then
exec 8<&-
# Two looks: a process may be made during the first, by one that ends before its turn.
look() { list=$(members); [ -n "$list" ] || list=$(members); [ -n "$list" ]; }
[ -f "$record" ] || { echo was-stopped; exit; }
exec 9<"$record"
flock 9
read_record "$record" || { rm -f "$record"; echo was-stopped; exit; } # somebody else has ended it meanwhile
outcome=stopped
look || { rm -f "$record"; echo was-stopped; exit; }
asked_all=no
if is_it; then kill -TERM "$pid" || :; else kill -TERM $list || :; asked_all=yes; fi
passed=0
while look; do
  [ "$passed" -lt $((tenths + 50)) ] || fail "still there: $(echo $list)"
  if [ "$passed" -ge "$tenths" ]; then
    outcome=killed
    kill -KILL $list 2>/dev/null || :
  elif [ $asked_all = no ] && ! is_it; then # the leader is gone: what it left is asked as well
    asked_all=yes
    kill -TERM $list 2>/dev/null || :
  fi
  sleep 0.1
  passed=$((passed + 1))
done
rm -f "$record"
echo $outcome
`, [recordsDir, name, Math.ceil(graceMs / 100)], { name: "sage-stop" });
}

/** For each record a line: name, "running" or "gone", pid, since (s), mark, members (of `list_records DIR all`) separated by commas, command. */
export const listBody = `${identity}
list_records() {
  for record in "$1"/*; do
    read_record "$record" 2>/dev/null || continue
    if is_it; then state=running; else state=gone; fi
    all=
    [ "\${2:-}" != all ] || all=$(members | tr '\\n' ',')
    printf 'process\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "\${record##*/}" $state "$pid" "$since" "$mark" "$all" "$what"
  done
}
`;

export function listScript(recordsDir: string): Command {
  return script(`${listBody}
list_records "$(at "$1")" all
`, [recordsDir], { name: "sage-processes" });
}
