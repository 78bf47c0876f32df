// Runs a command line in this process and keeps what it wrote. For tests.

import { Writable } from "node:stream";
import { PassThrough } from "node:stream";
import { runCli } from "../run-cli.ts";
import type { Clock } from "@sage/core";

export interface Captured {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CaptureOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** A terminal of this width. */
  readonly columns?: number;
  /** What a person types; without, nobody is there. */
  readonly typed?: string;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** A stream that keeps its text. */
export class TextSink extends Writable {
  text = "";
  readonly isTTY?: boolean;
  readonly columns?: number;

  constructor(columns?: number) {
    super({ decodeStrings: false });
    if (columns !== undefined) {
      this.isTTY = true;
      this.columns = columns;
    }
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export async function capture(argv: readonly string[], { env = {}, cwd = process.cwd(), columns, typed, signal = new AbortController().signal, clock }: CaptureOptions = {}): Promise<Captured> {
  const [stdout, stderr] = [new TextSink(columns), new TextSink(columns)];
  const stdin: NodeJS.ReadableStream & { isTTY?: boolean } = new PassThrough();
  if (typed !== undefined) {
    stdin.isTTY = true;
    (stdin as PassThrough).end(typed);
  }
  const code = await runCli(argv, { stdout, stderr, stdin, env, cwd, signal, ...(clock ? { clock } : {}) });
  return { code, stdout: stdout.text, stderr: stderr.text };
}
