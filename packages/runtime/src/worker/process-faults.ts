// Hears of what would end the process without a word: uncaught errors of user code, and its `process.exit`.

import { ProcessExitError, UncaughtError } from "./errors.ts";

/**
 * Passes such faults on, until disposed; the process goes on.
 *
 * @param onFault - may be called more than once.
 */
export function watchFaults(onFault: (error: unknown) => void): Disposable & { readonly exit: (code: number) => never } {
  const exit = process.exit.bind(process);
  const onException = (error: unknown, origin: string) => onFault(new UncaughtError(error, origin === "unhandledRejection" ? "rejection" : "exception"));
  const onRejection = (error: unknown) => onFault(new UncaughtError(error, "rejection"));
  const onInterrupt = () => {}; // Ctrl-C reaches the whole process group: whoever started the worker decides
  process.on("uncaughtException", onException).on("unhandledRejection", onRejection).on("SIGINT", onInterrupt);
  process.exit = ((code?: unknown) => {
    const error = new ProcessExitError(code ?? process.exitCode);
    setImmediate(() => onFault(error)); // behind the operator's own failure, which knows the record; code may catch this
    throw error; // stops the caller, as it expects
  }) as typeof process.exit;
  return {
    exit,
    [Symbol.dispose]: () => {
      process.off("uncaughtException", onException).off("unhandledRejection", onRejection).off("SIGINT", onInterrupt);
      process.exit = exit;
    },
  };
}
