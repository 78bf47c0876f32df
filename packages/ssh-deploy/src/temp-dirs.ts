// Folders for temporary files: made by a cluster, marked with its name, and emptied only while they carry that mark.
//
// Invariants:
//   E1. Nothing is deleted but inside of a folder of our user whose mark names this cluster.
//   E2. `/`, a folder right below it, the home folder or one above it, and a symbolic link are never marked or emptied.
//   E3. The mark goes last, so that a clean-up that was interrupted can be repeated. Other file systems mounted inside
//       are left alone.
import { SageError, type Command } from "@sage/core";
import type { Host } from "./host.ts";
import { refusedExitCode, script } from "./remote-script.ts";
import { checkRemotePath } from "./safe-names.ts";

export const markName = ".sage-cluster";

/** A folder that is not ours to mark or empty. */
export class TempDirRefusedError extends SageError {
  constructor(host: string, path: string, why: string) {
    super(`${path} on ${host} is left alone: ${why}`, { code: "SAGE_TEMP_DIR_REFUSED", fault: "user", hint: "Name a folder of its own for this cluster (head.temp_dir, worker.temp_dir); remove an old one by hand." });
  }
}

// Sets `real`, the folder without links above it. A link to it is not it.
const lookAt = `
mark=${markName}
look_at() {
  case $1 in /*) ;; *) fail "is not absolute" ;; esac
  path=$1
  while [ "$path" != / ] && [ "\${path%/}" != "$path" ]; do path=\${path%/}; done
  [ "$path" != / ] || fail "it is the root folder"
  [ ! -L "$path" ] || fail "it is a symbolic link"
  above=$(readlink -f -- "$(dirname -- "$path")") || fail "its parent cannot be followed"
  [ "$above" != / ] || fail "it lies right below the root folder"
  real=$above/\${path##*/}
  case \${path##*/} in .|..) fail "it is not a proper name" ;; esac
  home=$(readlink -f -- "$HOME")
  case $home/ in "$real"/*) fail "the home folder lies in it" ;; esac
  if [ -e "$real" ]; then
    [ -d "$real" ] || fail "it is not a folder"
    [ -O "$real" ] || fail "it belongs to another user"
    if [ -L "$real/$mark" ]; then fail "its mark is a symbolic link"; fi
  fi
}
`;

const markBody: string = `${lookAt}
look_at "$(at "$1")"
umask 077
if [ -f "$real/$mark" ]; then
  other=$(cat "$real/$mark")
  [ "$other" = "$2" ] || fail "it belongs to the cluster $other"
  echo same
  exit
fi
if [ -d "$real" ] && [ -n "$(ls -A "$real" | head -n 1)" ]; then fail "it is not empty and was not made by Sage"; fi
mkdir -p "$real"
printf '%s\\n' "$2" >"$real/$mark.$$"
mv -f "$real/$mark.$$" "$real/$mark"
echo marked
`;

const cleanBody: string = `${lookAt}
look_at "$(at "$1")"
if [ ! -e "$real" ]; then echo absent; exit; fi
[ -f "$real/$mark" ] || fail "it does not carry Sage's mark"
other=$(cat "$real/$mark")
[ "$other" = "$2" ] || fail "it belongs to the cluster $other"
cd -P "$real"
[ "$(pwd -P)" = "$real" ] || fail "it changed meanwhile"
find . -mindepth 1 -maxdepth 1 ! -name "$mark" -exec rm -rf --one-file-system -- {} +
[ -z "$(ls -A . | grep -vxF "$mark" || :)" ] || fail "something in it cannot be removed"
rm -f "$mark"
cd ..
rmdir "$real"
echo cleaned
`;

/** Makes the folder, or takes an empty one, and writes the cluster's name into it. @throws {@link TempDirRefusedError} */
export async function markTempDir(host: Host, path: string, cluster: string, signal?: AbortSignal): Promise<"marked" | "same"> {
  return (await runOn(host, path, script(markBody, [checkRemotePath(path), checkCluster(cluster)], { name: "sage-mark" }), signal)) as "marked" | "same";
}

/** Removes the folder and all that is in it, if it carries this cluster's mark. @throws {@link TempDirRefusedError} */
export async function cleanTempDir(host: Host, path: string, cluster: string, signal?: AbortSignal): Promise<"cleaned" | "absent"> {
  return (await runOn(host, path, script(cleanBody, [checkRemotePath(path), checkCluster(cluster)], { name: "sage-clean" }), signal)) as "cleaned" | "absent";
}

async function runOn(host: Host, path: string, command: Command, signal: AbortSignal | undefined): Promise<string> {
  const result = await host.run(command, { anyExit: true, ...(signal ? { signal } : {}) });
  if (result.exitCode === refusedExitCode) throw new TempDirRefusedError(host.name, path, result.stderr.trim().split("\n").at(-1) ?? "");
  if (result.exitCode !== 0) throw new TempDirRefusedError(host.name, path, result.stderr.trim() || `code ${result.exitCode}`);
  return result.stdout.trim();
}

function checkCluster(cluster: string): string {
  if (!/^[\w.-]{1,128}$/.test(cluster)) throw new Error(`${JSON.stringify(cluster)} is no name of a cluster`);
  return cluster;
}
