// Writes a tar stream (POSIX ustar, GNU long names): folders, files, and links to files that are there or came before.
// Only what this package makes up or has checked gets a name here; see manifest.ts M1.

const block = 512;

export type TarItem =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "file"; readonly path: string; readonly mode: number; readonly content: Uint8Array }
  /** Another name for `target`, which lies in the same stream or on the host. */
  | { readonly kind: "link"; readonly path: string; readonly target: string };

/** Chunks of about 256 KiB, ended by the two empty blocks that say that the stream is whole. */
export async function* tarStream(items: AsyncIterable<TarItem> | Iterable<TarItem>, modifiedAtMs: number = Date.now()): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const atSeconds = Math.floor(modifiedAtMs / 1000);
  for await (const item of items) {
    for (const part of partsOf(item, atSeconds)) {
      parts.push(part);
      bytes += part.byteLength;
    }
    if (bytes >= 256 * 1024) {
      yield Buffer.concat(parts);
      parts = [];
      bytes = 0;
    }
  }
  yield Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function partsOf(item: TarItem, atSeconds: number): Uint8Array[] {
  const path = Buffer.from(item.kind === "folder" ? `${item.path}/` : item.path);
  const target = Buffer.from(item.kind === "link" ? item.target : "");
  const parts: Uint8Array[] = [];
  if (path.byteLength > 100) parts.push(...longName("L", path, atSeconds));
  if (target.byteLength > 100) parts.push(...longName("K", target, atSeconds));
  const content = item.kind === "file" ? item.content : undefined;
  const type = { folder: "5", file: "0", link: "1" }[item.kind];
  parts.push(header(path, item.kind === "file" ? item.mode : 0o700, content?.byteLength ?? 0, type, target, atSeconds));
  if (content && content.byteLength > 0) parts.push(content, ...padding(content.byteLength));
  return parts;
}

function longName(type: "L" | "K", name: Buffer, atSeconds: number): Uint8Array[] {
  const text = Buffer.concat([name, Buffer.alloc(1)]);
  return [header(Buffer.from("././@LongLink"), 0, text.byteLength, type, Buffer.alloc(0), atSeconds), text, ...padding(text.byteLength)];
}

function padding(bytes: number): Uint8Array[] {
  const rest = bytes % block;
  return rest === 0 ? [] : [Buffer.alloc(block - rest)];
}

function header(path: Buffer, mode: number, bytes: number, type: string, target: Buffer, atSeconds: number): Buffer {
  const head = Buffer.alloc(block);
  const octal = (value: number, at: number, length: number) => head.write(value.toString(8).padStart(length - 1, "0"), at, "latin1");
  path.copy(head, 0, 0, 100);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(bytes, 124, 12);
  octal(atSeconds, 136, 12);
  head.fill(" ", 148, 156);
  head.write(type, 156, "latin1");
  target.copy(head, 157, 0, 100);
  head.write("ustar\u000000", 257, "latin1");
  let sum = 0;
  for (let i = 0; i < block; i++) sum += head[i]!;
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return head;
}
