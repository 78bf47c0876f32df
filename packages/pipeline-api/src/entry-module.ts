// Which module the workers evaluate.

import { basename } from "node:path";
import { SageError } from "@sage/core";

/** Nothing tells which module builds this pipeline: the process was started by a test runner, or without a file. */
export class EntryNeededError extends SageError {
  constructor(main: string | undefined) {
    super(`worker processes must build this pipeline again, but it is not known from which module: ${main === undefined ? "this process was started without a file" : `this process was started by ${basename(main)}`}`, {
      code: "SAGE_ENTRY_NEEDED", fault: "user",
      hint: "Name the module that builds and submits it: `new LocalEnvironment(name, { entry: new URL(\"./pipeline.ts\", import.meta.url) })`; or run it with { workers: \"in-process\" }.",
    });
  }
}

/**
 * The given module, else the program that runs.
 *
 * @throws EntryNeededError under a test runner, in a REPL, and with `node --eval`.
 */
export function entryModule(given: string | undefined, { argv, execArgv, env }: Pick<NodeJS.Process, "argv" | "execArgv" | "env"> = process): string {
  if (given !== undefined) return given;
  const main = argv[1];
  const isRunner = main === undefined || /[\\/]node_modules[\\/]/.test(main) || env["VITEST"] !== undefined || env["NODE_TEST_CONTEXT"] !== undefined || execArgv.includes("--test");
  if (isRunner) throw new EntryNeededError(main);
  return main;
}
