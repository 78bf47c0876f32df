// Which release of a host is the current one: switched by one rename, remembered, pruned, and switched back.
//
// Invariants:
//   R1. `current` always points to a complete release; whoever reads it sees the old one or the new one.
//   R2. The current release and the ones that are kept are never pruned.
import { SageError, type Command } from "@sage/core";
import type { Host } from "../host.ts";
import { refusedExitCode, script } from "../remote-script.ts";
import { checkRemotePath } from "../safe-names.ts";

export interface ReleaseList {
  readonly current: string | undefined;
  /** Complete releases on the host, most recently used first; those that were never used last. */
  readonly releases: readonly { readonly id: string; readonly usedAtMs: number | undefined }[];
}

/** The host does not have the release that is asked for, or none to go back to. */
export class NoSuchReleaseError extends SageError {
  constructor(host: string, what: string) {
    super(`${host} has no ${what}`, { code: "SAGE_NO_RELEASE", fault: "user", hint: "`sage cluster deploy` ships one; older ones are pruned, see remote.keep_releases." });
  }
}

const pattern = /^[0-9a-f]{24}$/;

const switchTo = (root: string, id: string): Command => script(`
cd "$(at "$1")"
umask 077
[ -d "releases/$2" ] || fail "no release $2"
if [ "$(readlink current 2>/dev/null || :)" = "releases/$2" ]; then echo same; exit; fi
ln -s "releases/$2" ".current.$$"
mv -fT ".current.$$" current
echo "$(date +%s) $2" >>history
echo switched
`, [checkRemotePath(root), id], { name: "sage-switch" });

const list = (root: string): Command => script(`
cd "$(at "$1")" 2>/dev/null || exit 0
echo "current $(readlink current 2>/dev/null || :)"
for dir in releases/*/; do [ ! -d "$dir" ] || { dir=\${dir%/}; echo "release \${dir##*/}"; }; done
[ ! -f history ] || sed 's/^/used /' history
`, [checkRemotePath(root)], { name: "sage-releases" });

const remove = (root: string, ids: readonly string[]): Command => script(`
cd "$(at "$1")"
shift
for id in "$@"; do
  [ "$(readlink current 2>/dev/null || :)" != "releases/$id" ] || continue
  mv -T "releases/$id" "releases/.gone.$id"
  chmod -R u+w "releases/.gone.$id"
  rm -rf "releases/.gone.$id" "checksums/$id"
done
rm -rf releases/.gone.*
find blobs -type f -links 1 ! -name '*.part' -delete
`, [checkRemotePath(root), ...ids], { name: "sage-prune" });

/** @returns whether anything changed. @throws {@link NoSuchReleaseError} */
export async function switchRelease(host: Host, root: string, id: string, signal?: AbortSignal): Promise<boolean> {
  if (!pattern.test(id)) throw new NoSuchReleaseError(host.name, `release ${JSON.stringify(id.slice(0, 40))}`);
  const result = await host.run(switchTo(root, id), { anyExit: true, ...(signal ? { signal } : {}) });
  if (result.exitCode === refusedExitCode) throw new NoSuchReleaseError(host.name, `release ${id}`);
  if (result.exitCode !== 0) throw new NoSuchReleaseError(host.name, `releases at ${root} (${result.stderr.trim()})`);
  return result.stdout.trim() === "switched";
}

export async function listReleases(host: Host, root: string, signal?: AbortSignal): Promise<ReleaseList> {
  return parseReleases((await host.run(list(root), signal ? { signal } : {})).stdout);
}

export function parseReleases(text: string): ReleaseList {
  const lines = text.split("\n").map((line) => line.split(" "));
  const usedAtMs = new Map<string, number>();
  const lastLine = new Map<string, number>();
  lines.forEach(([kind, seconds, id], index) => {
    if (kind !== "used" || id === undefined) return;
    usedAtMs.set(id, Number(seconds) * 1000);
    lastLine.set(id, index);
  });
  const ids = lines.flatMap(([kind, id]) => (kind === "release" && pattern.test(id ?? "") ? [id!] : []));
  const current = lines.find(([kind]) => kind === "current")?.[1]?.replace("releases/", "");
  return {
    current: current === undefined || current === "" ? undefined : current,
    releases: ids.sort((a, b) => (lastLine.get(b) ?? -1) - (lastLine.get(a) ?? -1)).map((id) => ({ id, usedAtMs: usedAtMs.get(id) })),
  };
}

/** The release that was the current one before this one, if it is still there. */
export function previousRelease({ current, releases }: ReleaseList): string | undefined {
  return releases.find(({ id, usedAtMs }) => id !== current && usedAtMs !== undefined)?.id;
}

/** Switches back to `id`, or to what was current before. @returns the release that is current now. */
export async function rollbackRelease(host: Host, root: string, id?: string, signal?: AbortSignal): Promise<string> {
  const target = id ?? previousRelease(await listReleases(host, root, signal));
  if (target === undefined) throw new NoSuchReleaseError(host.name, "earlier release to go back to");
  await switchRelease(host, root, target, signal);
  return target;
}

/** Which releases go when `keep` of them stay: never the current one (R2). */
export function releasesToPrune({ current, releases }: ReleaseList, keep: number): string[] {
  const others = releases.filter(({ id }) => id !== current);
  return others.slice(Math.max(0, keep - (current === undefined ? 0 : 1))).map(({ id }) => id);
}

/** Removes the oldest releases and the contents that none has any more. @returns the ids that are gone. */
export async function pruneReleases(host: Host, root: string, keep: number, signal?: AbortSignal): Promise<string[]> {
  const gone = releasesToPrune(await listReleases(host, root, signal), Math.max(1, keep));
  if (gone.length > 0) await host.run(remove(root, gone), signal ? { signal } : {});
  return gone;
}
