// Sends one large file so that an interrupted transfer goes on where it stopped: the part that arrived is kept, what is
// missing is appended, and the whole is compared by its hash before it gets its name.
import { open } from "node:fs/promises";
import { SageError, type Command } from "@sage/core";
import { uploadDeadlineMs, type Host } from "../host.ts";
import { script } from "../remote-script.ts";
import { checkRemotePath } from "../safe-names.ts";

export interface FileToSend {
  /** A file of this machine, or the bytes. */
  readonly source: string | Uint8Array;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
  /** Where it comes to lie. */
  readonly path: string;
  readonly mode: number;
}

export interface SendOptions {
  readonly signal?: AbortSignal;
  /** For the whole transfer; default 600,000. */
  readonly deadlineMs?: number;
  /** Bytes that went over the wire, each time some did. */
  readonly onSent?: (bytes: number) => void;
}

/** What arrived is not what was sent: the file changed meanwhile, or the host's disk is bad. */
export class ContentDiffersError extends SageError {
  constructor(host: string, what: string) {
    super(`${what} arrived on ${host} with another content than was read here`, { code: "SAGE_CONTENT_DIFFERS", fault: "cluster", retryable: true, hint: "If the file is being written, wait for that; if it happens again, check the host's disk." });
  }
}

/** Prints how much of the file is there: "done", or the bytes of an earlier attempt. */
const ask = (file: FileToSend): Command => script(`
path=$(at "$1")
if [ -f "$path" ]; then echo done; exit; fi
umask 077
mkdir -p "\${path%/*}"
part=$path.part
if [ -f "$part" ]; then wc -c <"$part"; else echo 0; fi
`, [checkRemotePath(file.path)], { name: "sage-ask-file" });

/**
 * Appends stdin; prints "differs" if the whole is not what it should be, and forgets it then. openssl, where it is there,
 * uses what the processor has for SHA-256: four times the speed of most hosts' sha256sum.
 */
const append = (file: FileToSend, from: number): Command => script(`
sum_of() { { openssl dgst -sha256 -r || sha256sum; } 2>/dev/null <"$1" | cut -c 1-64; }
path=$(at "$1") part=$path.part
umask 077
[ "$2" -gt 0 ] || : >"$part"
[ "$(wc -c <"$part")" -eq "$2" ] || fail "somebody else is sending $path"
cat >>"$part"
[ "$(wc -c <"$part")" -eq "$3" ] || fail "$path arrived incomplete"
[ "$(sum_of "$part")" = "$4" ] || { rm -f "$part"; echo differs; exit; }
chmod "$5" "$part"
mv -f "$part" "$path"
echo done
`, [file.path, from, file.bytes, file.sha256, file.mode.toString(8)], { name: "sage-append" });

/** @returns the bytes that had to be sent. @throws {@link ContentDiffersError} if a second, whole attempt differs too. */
export async function sendFile(host: Host, file: FileToSend, options: SendOptions = {}): Promise<number> {
  const running = options.signal ? { signal: options.signal } : {};
  let sent = 0;
  for (let attempt = 1; ; attempt++) {
    const answer = (await host.run(ask(file), running)).stdout.trim();
    if (answer === "done") return sent;
    const there = Number(answer);
    const from = attempt === 1 && there <= file.bytes ? there : 0; // a wrong part may have hidden in the first attempt
    const stdin = counted(contentFrom(file.source, from), (bytes) => {
      sent += bytes;
      options.onSent?.(bytes);
    });
    const { stdout } = await host.run(append(file, from), { ...running, stdin, deadlineMs: options.deadlineMs ?? uploadDeadlineMs });
    if (stdout.trim() === "done") return sent;
    if (attempt === 2 || from === 0) throw new ContentDiffersError(host.name, file.path);
  }
}

async function* contentFrom(source: string | Uint8Array, from: number): AsyncGenerator<Uint8Array> {
  if (typeof source !== "string") return yield source.subarray(from);
  await using file = await open(source, "r");
  for (let at = from; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(512 * 1024), 0, 512 * 1024, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

async function* counted(chunks: AsyncIterable<Uint8Array>, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk;
    count(chunk.byteLength);
  }
}
