// Collects what a command prints: bounded, in whole characters, handed on as it comes.
import { StringDecoder } from "node:string_decoder";
import { maxOutputBytes, type OutputStream, type RunOptions } from "./host.ts";

export class Output {
  readonly #limit: number;
  readonly #onOutput: RunOptions["onOutput"];
  readonly #decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() };
  readonly #kept = { stdout: "", stderr: "" };
  readonly #bytes = { stdout: 0, stderr: 0 };
  truncated = false;

  constructor(options: Pick<RunOptions, "onOutput" | "maxOutputBytes">) {
    this.#limit = options.maxOutputBytes ?? maxOutputBytes;
    this.#onOutput = options.onOutput;
  }

  add(stream: OutputStream, chunk: Buffer): void {
    const text = this.#decoders[stream].write(chunk);
    this.#bytes[stream] += chunk.byteLength;
    if (this.#bytes[stream] <= this.#limit) this.#kept[stream] += text;
    else this.truncated = true;
    if (text !== "") this.#onOutput?.(text, stream);
  }

  get stdout(): string {
    return this.#kept.stdout;
  }

  get stderr(): string {
    return this.#kept.stderr;
  }
}
