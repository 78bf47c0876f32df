// Brings a tree onto a host as a release, sending only the contents that the host lacks.
//
// On the host, below a folder that only its owner may write:
//   blobs/HASH[x]      contents, each once; read-only, with a link from every release that has it
//   blobs/HASH.part    a large content that is on its way
//   incoming/          small contents that are on their way
//   staging/ID         a release that is not complete
//   releases/ID        a complete release; named by its content, never changed
//   checksums/ID       what `sha256sum --check` must find in it
//   current → releases/ID, history    see releases.ts
//
// Invariants:
//   T1. A folder below releases/ is complete and was compared with its hashes: it comes into being by one rename.
//   T2. The host makes files from names that the manifest checked, and looks itself that nothing but files came of it.
//   T3. What arrived before an interruption is compared and kept: the next attempt sends the rest.
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { SageError, type Command } from "@sage/core";
import { CommandFailedError } from "../errors.ts";
import { uploadDeadlineMs, type Host } from "../host.ts";
import { script } from "../remote-script.ts";
import { checkRemotePath } from "../safe-names.ts";
import { blobName, checksumLines, foldersOf, missingBlobs, type FileEntry } from "./manifest.ts";
import { ContentDiffersError, sendFile } from "./send-file.ts";
import { tarStream, type TarItem } from "./tar-stream.ts";
import type { Tree } from "./tree.ts";

export interface ShipOptions {
  readonly signal?: AbortSignal;
  /** For each transfer; default 600,000. */
  readonly deadlineMs?: number;
  readonly onProgress?: (progress: { readonly sentBytes: number; readonly totalBytes: number }) => void;
}

export interface ShipReport {
  readonly id: string;
  /** The whole release was there: nothing but its name was sent. */
  readonly wasThere: boolean;
  /** It is the current release already. */
  readonly isCurrent: boolean;
  readonly sentFiles: number;
  /** Of contents; names and hashes come on top. */
  readonly sentBytes: number;
}

const smallBytes = 256 * 1024;
/** Contents beyond this size travel alone, and go on where they stopped. */
const largeBytes = 8 * 1024 * 1024;

/** The host's disk has no room for what would be sent. */
export class NoSpaceError extends SageError {
  constructor(host: string, path: string, neededBytes: number, freeBytes: number | undefined, cause?: unknown) {
    super(`${host} has ${freeBytes === undefined ? "no space left" : `${mib(freeBytes)} MiB free`} at ${path}; ${mib(neededBytes)} MiB are needed`, {
      code: "SAGE_NO_SPACE", fault: "cluster", hint: "Make room there, or choose another sage_home.", cause,
    });
  }
}

/** Drops every file whose name is not the hash of its content. */
const dropWrong = `
drop_wrong() {
  find "$1" -type f ! -name '*[!0-9a-fx]*' -printf '%f\\n' | sed 's/^\\(.\\{64\\}\\)\\(x*\\)$/\\1  \\1\\2/' >"$2"
  (cd "$1" && sha256sum --quiet -c - 2>/dev/null) <"$2" | sed -n 's/: FAILED.*$//p' | (cd "$1" && xargs -r rm -f)
  rm -f "$2"
}
`;

const ask = (root: string, id: string): Command => script(`${dropWrong}
root=$(at "$1") id=$2
if [ -d "$root/releases/$id" ]; then # the usual case starts as few processes as can be
  if [ "$(readlink "$root/current" 2>/dev/null || :)" = "releases/$id" ]; then echo current; else echo have; fi
  exit
fi
umask 077
mkdir -p "$root"
cd "$root"
[ -z "$(find . -maxdepth 0 \\( ! -user "$(id -u)" -o -perm /022 \\))" ] || fail "$root belongs to somebody else, or others may write there; releases would not be safe"
mkdir -p blobs releases checksums incoming
echo lack
for dir in incoming/*/; do
  [ -d "$dir" ] || continue
  drop_wrong "$dir" incoming.list
  find "$dir" -type f ! -name '*[!0-9a-fx]*' -exec mv -f -t blobs {} +
done
rm -rf incoming staging
df -Pk . | awk 'NR == 2 { print "free", $4 }'
find blobs -type f ! -name '*.part' -printf '%f\\n'
`, [checkRemotePath(root), id], { name: "sage-ask-release" });

const receive = (root: string, id: string, files: number): Command => script(`${dropWrong}
root=$(at "$1") id=$2 files=$3
umask 077
cd "$root"
mkdir -p "incoming/$id" "staging/$id"
tar -xof -
cd "staging/$id"
[ -z "$(find . ! -type f ! -type d | head -n 1)" ] || fail "something else than a file arrived"
[ "$(find . -type f | wc -l)" -eq "$files" ] || fail "some files did not arrive"
if ! sha256sum --quiet --strict -c "../../incoming/$id/checksums" >../../differs 2>&1; then
  cd ../..
  drop_wrong "incoming/$id" incoming.list
  drop_wrong blobs blobs.list
  rm -rf "staging/$id"
  echo differs; head -n 3 differs
  exit
fi
cd ../..
mv -f "incoming/$id/checksums" "checksums/$id"
find "incoming/$id" -type f -exec mv -f -t blobs {} +
mv -T "staging/$id" "releases/$id"
rm -rf incoming staging differs
echo done
`, [root, id, files], { name: "sage-receive" });

/**
 * Makes `tree` a release below `root` on the host; switching to it is another step. Call it under the deploy lock.
 *
 * @throws NoSpaceError, ContentDiffersError; what `host.run` throws.
 */
export async function shipTree(host: Host, root: string, tree: Tree, options: ShipOptions = {}): Promise<ShipReport> {
  const { manifest } = tree;
  const running = options.signal ? { signal: options.signal } : {};
  let sentFiles = 0;
  let sentBytes = 0;
  for (let attempt = 1; ; attempt++) {
    const [verdict, free, ...stored] = (await host.run(ask(root, manifest.id), running)).stdout.trimEnd().split("\n");
    if (verdict === "have" || verdict === "current") return { id: manifest.id, wasThere: attempt === 1, isCurrent: verdict === "current", sentFiles, sentBytes };
    const missing = missingBlobs(manifest, new Set(stored));
    const totalBytes = missing.reduce((sum, entry) => sum + entry.bytes, 0);
    const freeBytes = Number(free?.split(" ")[1]) * 1024;
    if (totalBytes + manifest.entries.length * 512 > freeBytes) throw new NoSpaceError(host.name, root, totalBytes, freeBytes);
    const onSent = (bytes: number) => {
      sentBytes += bytes;
      options.onProgress?.({ sentBytes, totalBytes });
    };
    for (const entry of missing.filter(({ bytes }) => bytes > largeBytes)) {
      await sendFile(host, {
        source: sourceOf(tree, entry), bytes: entry.bytes, sha256: entry.sha256, path: `${root}/blobs/${blobName(entry)}`, mode: entry.executable ? 0o500 : 0o400,
      }, { ...running, onSent, ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }) });
    }
    const stdin = tarStream(releaseItems(host, tree, missing, onSent));
    const { stdout } = await host.run(receive(root, manifest.id, manifest.entries.length), { ...running, stdin, deadlineMs: options.deadlineMs ?? uploadDeadlineMs }).catch((error: unknown) => {
      if (error instanceof CommandFailedError && error.stderr.includes("No space left")) throw new NoSpaceError(host.name, root, totalBytes, undefined, error);
      throw error;
    });
    sentFiles += missing.length;
    if (stdout.startsWith("done")) return { id: manifest.id, wasThere: false, isCurrent: false, sentFiles, sentBytes };
    if (attempt === 2) throw new ContentDiffersError(host.name, stdout.split("\n")[1] ?? "a file");
    // A stored content had been changed on the host. It was dropped there: the second attempt sends it anew.
  }
}

/** The contents that are missing, the checksums, and the release as links to contents. */
async function* releaseItems(host: Host, tree: Tree, missing: readonly FileEntry[], onSent: (bytes: number) => void): AsyncGenerator<TarItem> {
  const { manifest } = tree;
  const place = new Map<string, string>();
  for (const entry of missing) {
    const name = blobName(entry);
    if (entry.bytes > largeBytes) continue; // is among the blobs by now
    place.set(name, `incoming/${manifest.id}/${name}`);
    yield { kind: "file", path: place.get(name)!, mode: entry.executable ? 0o500 : 0o400, content: await contentOf(host, tree, entry) };
    onSent(entry.bytes);
  }
  yield { kind: "file", path: `incoming/${manifest.id}/checksums`, mode: 0o600, content: Buffer.from(checksumLines(manifest)) };
  for (const folder of foldersOf(manifest)) yield { kind: "folder", path: `staging/${manifest.id}/${folder}` };
  for (const entry of manifest.entries) {
    const name = blobName(entry);
    yield { kind: "link", path: `staging/${manifest.id}/${entry.path}`, target: place.get(name) ?? `blobs/${name}` };
  }
}

async function contentOf(host: Host, tree: Tree, entry: FileEntry): Promise<Uint8Array> {
  const source = sourceOf(tree, entry);
  // Thousands of small files: a trip through the thread pool for each would take longer than reading it.
  const content = typeof source !== "string" ? source : entry.bytes <= smallBytes ? readFileSync(source) : await readFile(source);
  if (content.byteLength !== entry.bytes) throw new ContentDiffersError(host.name, entry.path);
  return content;
}

function sourceOf(tree: Tree, entry: FileEntry): string | Uint8Array {
  const source = tree.sources.get(entry.path);
  if (source === undefined) throw new Error(`the tree has no content for ${entry.path}`);
  return source;
}

const mib = (bytes: number) => Math.round(bytes / 1024 / 1024);
