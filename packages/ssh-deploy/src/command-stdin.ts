// What a host sends to the stdin of a command: the settings that are secrets, then the caller's bytes or the command's own.
import { Secret, secretSettings, type Command } from "@sage/core";
import type { RunOptions } from "./host.ts";

export function stdinOf(command: Command, { stdin }: Pick<RunOptions, "stdin">): NonNullable<RunOptions["stdin"]> {
  const own = stdin ?? Buffer.from(command.stdin instanceof Secret ? command.stdin.reveal() : (command.stdin ?? ""));
  const settings = Buffer.from(secretSettings(command));
  if (settings.length === 0) return own;
  return own instanceof Uint8Array ? Buffer.concat([settings, own]) : after(settings, own);
}

async function* after(first: Uint8Array, rest: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield first;
  yield* rest;
}
