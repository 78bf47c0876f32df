// A remote command as data: words and what goes to stdin. The one place in Sage that quotes for a shell.
//
// Invariants:
//   C1. No value meets a shell unquoted: builders make words, `toShell` quotes each.
//   C2. A secret goes in by stdin, never as a word: `ps` shows words to everyone.

import { SageError } from "./errors.ts";
import { hideUrlPasswords, Secret } from "./secret.ts";

export interface Command {
  readonly words: readonly string[];
  /** Environment of this command alone. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string | Secret | undefined;
}

/** A word that no shell can be given. */
export class UnquotableWordError extends SageError {
  constructor(word: string) {
    super(`${JSON.stringify(word.slice(0, 60))} holds a NUL character and cannot be part of a command`, { code: "SAGE_UNQUOTABLE", fault: "user" });
  }
}

export function cmd(words: readonly string[], options: { readonly env?: Readonly<Record<string, string>>; readonly stdin?: string | Secret } = {}): Command {
  return { words, env: options.env ?? {}, stdin: options.stdin };
}

/** One word for a POSIX shell: as it is where that is safe, else in single quotes. */
export function quote(word: string): string {
  if (word.includes("\0")) throw new UnquotableWordError(word);
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The command as a line for a POSIX shell; stdin is sent beside it. */
export function toShell({ words, env }: Command): string {
  const settings = Object.entries(env).map(([name, value]) => `${environmentName(name)}=${quote(value)}`);
  return [...(settings.length > 0 ? ["env", ...settings] : []), ...words.map(quote)].join(" ");
}

/** The command as people may see it, with its stdin if that is short; secrets and passwords in URLs hidden. */
export function toDisplay(command: Command): string {
  const { stdin } = command;
  const line = hideUrlPasswords(toShell(command));
  if (stdin === undefined) return line;
  const shown = stdin instanceof Secret ? String(stdin) : stdin.length > 60 ? `[${stdin.length} characters]` : quote(stdin);
  return `${line} < ${shown}`;
}

function environmentName(name: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new UnquotableWordError(name);
  return name;
}
