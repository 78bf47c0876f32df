// Makes lines of log out of what user code writes to stdout and stderr, with `console` or without.

import type { LogLevel } from "@sage/core";
import { currentOperator, followOperators, type OperatorPlace } from "../current-operator.ts";
import type { NewLine } from "./log-lines.ts";

type Write = typeof process.stdout.write;

/**
 * Catches stdout and stderr of this process, until disposed.
 *
 * @param add - gets each whole line, with the operator that wrote its last part; an unfinished one when another
 *   operator writes, and at the end.
 */
export function captureConsole(add: (line: NewLine) => void): Disposable {
  followOperators();
  const releases = [
    captureStream(process.stdout, "stdout", "info", add),
    captureStream(process.stderr, "stderr", "warn", add),
  ];
  return { [Symbol.dispose]: () => { for (const release of releases) release(); } };
}

function captureStream(target: NodeJS.WriteStream, stream: "stdout" | "stderr", level: LogLevel, add: (line: NewLine) => void): () => void {
  const original = target.write; // oxlint-disable-line unbound-method -- put back as it was
  let open = "";
  let writer: OperatorPlace | undefined;
  const endLine = () => {
    if (open !== "") add({ level, place: writer, stream, text: open });
    open = "";
  };
  const take = (text: string) => {
    const place = currentOperator();
    if (place?.name !== writer?.name) endLine();
    writer = place;
    const lines = (open + text).split("\n");
    open = lines.pop()!;
    for (const line of lines) add({ level, place, stream, text: line });
  };
  target.write = ((chunk: Uint8Array | string, encoding?: unknown, done?: unknown) => {
    take(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
    const callback = typeof encoding === "function" ? encoding : done;
    if (typeof callback === "function") process.nextTick(callback as () => void);
    return true;
  }) as Write;
  return () => {
    endLine();
    target.write = original;
  };
}
