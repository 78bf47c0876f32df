// Shell scripts for hosts: the script is ours and constant, what varies comes as its arguments, each quoted as a word.
//
// Invariants:
//   R1. No value is ever put into the text of a script.
//   R2. Scripts are POSIX sh with the tools of any Linux host (coreutils, tar, awk, grep); they never ask anything.
import { cmd, hideUrlPasswords, quote, toDisplay, type Command, type CommandEnv, type Secret } from "@sage/core";

/** Makes `~/x` absolute, and leaves other paths as they are: `dir=$(at "$1")`; `set_at "$1"` sets `place`, and starts no process. */
const prelude = `set -eu
set_at() { case $1 in "~") place=$HOME ;; "~/"*) place=$HOME/\${1#??} ;; *) place=$1 ;; esac; }
at() { set_at "$1"; printf %s "$place"; }
fail() { printf '%s\\n' "$*" >&2; exit 90; }
`;

/** The exit code of a script that refused: its last line of stderr says why. */
export const refusedExitCode = 90;

export interface ScriptOptions {
  /** What errors, logs and `ps` on the host call it; default "sage-script". */
  readonly name?: string;
  readonly env?: CommandEnv;
  readonly stdin?: string | Secret;
}

/** A command that runs `body` with `args` as $1, $2, … */
export function script(body: string, args: readonly (string | number)[] = [], { name = "sage-script", ...options }: ScriptOptions = {}): Command {
  return cmd(["sh", "-c", prelude + body, name, ...args.map(String)], options);
}

/** A command as people may see it: of a script its name and arguments, of others the line; secrets hidden. */
export function titleOf(command: Command): string {
  const [shell, flag, text, name, ...args] = command.words;
  if (shell !== "sh" || flag !== "-c" || name === undefined || text?.startsWith(prelude) !== true) return toDisplay(command);
  return hideUrlPasswords([name, ...args.map(quote)].join(" "));
}
