// Writes one file on a host.
import type { Host, UploadOptions } from "./host.ts";
import { uploadDeadlineMs } from "./host.ts";
import { script } from "./remote-script.ts";
import { checkRemotePath } from "./safe-names.ts";

const body = `
path=$(at "$1")
case $path in */*) mkdir -p "\${path%/*}" ;; esac
[ ! -d "$path" ] || fail "$path is a directory"
part=$path.part.$$
trap 'rm -f "$part"' EXIT
umask 077
cat >"$part"
[ "$(wc -c <"$part")" -eq "$3" ] || [ "$3" = - ] || fail "$path arrived incomplete"
chmod "$2" "$part"
mv -f "$part" "$path"
`;

export async function uploadFile(host: Pick<Host, "run">, path: string, content: Uint8Array | AsyncIterable<Uint8Array>, options: UploadOptions = {}): Promise<void> {
  const bytes = content instanceof Uint8Array ? String(content.byteLength) : "-";
  const command = script(body, [checkRemotePath(path), (options.mode ?? 0o600).toString(8), bytes], { name: "sage-upload" });
  await host.run(command, {
    stdin: content, deadlineMs: options.deadlineMs ?? uploadDeadlineMs, ...(options.signal ? { signal: options.signal } : {}),
  });
}
