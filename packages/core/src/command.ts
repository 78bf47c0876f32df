// A remote command as data: words and what goes to stdin. The one place in Sage that quotes for a shell.
//
// Invariants:
//   C1. No value meets a shell unquoted: builders make words, `toShell` quotes each.
//   C2. A secret goes in by stdin, never as a word: `ps` shows words to everyone. That holds for the environment too:
//       settings that are secrets are lines in front of the command's own stdin.

import { SageError } from "./errors.ts";
import { hideUrlPasswords, Secret } from "./secret.ts";

/** Environment of one command alone. */
export type CommandEnv = Readonly<Record<string, string | Secret>>;

export interface Command {
  readonly words: readonly string[];
  readonly env: CommandEnv;
  readonly stdin: string | Secret | undefined;
}

/** A word that no shell can be given. */
export class UnquotableWordError extends SageError {
  constructor(word: string) {
    super(`${JSON.stringify(word.slice(0, 60))} holds a NUL character and cannot be part of a command`, { code: "SAGE_UNQUOTABLE", fault: "user" });
  }
}

export function cmd(words: readonly string[], options: { readonly env?: CommandEnv; readonly stdin?: string | Secret } = {}): Command {
  return { words, env: options.env ?? {}, stdin: options.stdin };
}

/** One word for a POSIX shell: as it is where that is safe, else in single quotes. */
export function quote(word: string): string {
  if (word.includes("\0")) throw new UnquotableWordError(word);
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

// `read` takes from a pipe no more than its line, so what is behind the empty one is left for the command.
const takeSettings = 'while IFS= read -r setting && [ -n "$setting" ]; do export "$setting"; done; exec "$@"';

/** The command as a line for a POSIX shell; {@link secretSettings} and its stdin are sent beside it. */
export function toShell({ words, env }: Command): string {
  const plain = Object.entries(env).filter(([, value]) => !(value instanceof Secret));
  const before = secretSettings({ env }) === "" ? [] : ["sh", "-c", takeSettings, "sage-env"];
  return [...before.map(quote), lineOf(plain, words)].join(" ");
}

/** What has to come first on the stdin of {@link toShell}'s line: empty where no setting is a secret. */
export function secretSettings({ env }: Pick<Command, "env">): string {
  const lines = Object.entries(env).flatMap(([name, value]) => (value instanceof Secret ? [`${environmentName(name)}=${oneLine(name, value)}\n`] : []));
  return lines.length === 0 ? "" : `${lines.join("")}\n`;
}

/** The environment of a process that is started without a shell: nothing of it is a word there. */
export function revealed(env: CommandEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]));
}

function lineOf(env: readonly (readonly [name: string, value: string | Secret])[], words: readonly string[]): string {
  const settings = env.map(([name, value]) => `${environmentName(name)}=${value instanceof Secret ? String(value) : quote(value)}`);
  return [...(settings.length > 0 ? ["env", ...settings] : []), ...words.map(quote)].join(" ");
}

/** The command as people may see it, with its stdin if that is short; secrets and passwords in URLs hidden. */
export function toDisplay(command: Command): string {
  const { stdin } = command;
  const line = hideUrlPasswords(lineOf(Object.entries(command.env), command.words));
  if (stdin === undefined) return line;
  const shown = stdin instanceof Secret ? String(stdin) : stdin.length > 60 ? `[${stdin.length} characters]` : quote(stdin);
  return `${line} < ${shown}`;
}

function environmentName(name: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new UnquotableWordError(name);
  return name;
}

function oneLine(name: string, value: Secret): string {
  const text = value.reveal();
  if (/[\0\n]/.test(text)) throw new UnquotableWordError(`${name}=${String(value)}\0`);
  return text;
}
