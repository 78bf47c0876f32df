// Ray's token: who shows it may use Ray's ports (token mode, Ray 2.52 and later). It is made on the head, lies in a file
// of mode 0600 on every host, and is read from the head by whoever may log in there; this machine keeps no copy.
//
// Invariants:
//   T1. The token is never a word of a command, nor part of a log: it comes by stdout, and goes by stdin.
//   T2. A token that is there is kept: whoever runs already was started with it.
import type { Cluster, ClusterHost } from "@sage/config";
import { Secret } from "@sage/core";
import { isOlder, script, type Host } from "@sage/ssh-deploy";
import { rayTokenPath } from "./layout.ts";
import type { ClusterSession } from "./session.ts";

/** The first version that knows the mode. */
const firstVersion = "2.52.0";

export const hasTokenMode = ({ ray }: Cluster, rayVersion: string): boolean => ray.auth === "auto" && !isOlder(rayVersion, firstVersion);

/** The environment of a Ray that is started without a token, so that a file of its user's own does not turn the mode on. */
export const withoutToken = (rayVersion: string): Readonly<Record<string, string>> => (isOlder(rayVersion, firstVersion) ? {} : { RAY_AUTH_MODE: "disabled" });

const known = new WeakMap<ClusterSession, Secret>();

/** As it lies on the head; undefined if there is none. */
export async function rayToken(session: ClusterSession, signal: AbortSignal): Promise<Secret | undefined> {
  const kept = known.get(session);
  if (kept) return kept;
  const { head } = session;
  const host = await session.host(head, signal);
  const { stdout } = await host.run(script('cat "$(at "$1")" 2>/dev/null || :', [rayTokenPath(head.host)], { name: "sage-read-token" }), { signal, hidesOutput: true });
  return remember(session, stdout);
}

/** Forgets what was read: it is another one by now. */
export const forgetToken = (session: ClusterSession): void => void known.delete(session);

/** Makes it on the head unless it is there. @returns whether it was made now. */
export async function makeToken(session: ClusterSession, host: Host, signal: AbortSignal): Promise<boolean> {
  const { stdout } = await host.run(script(`
path=$(at "$1")
umask 077
if [ -s "$path" ]; then
  [ -z "$(find "$path" ! -user "$(id -u)" -o -perm /077)" ] || chmod 600 "$path"
else
  mkdir -p "\${path%/*}"
  od -An -v -tx1 -N32 /dev/urandom | tr -d ' \\n' >"$path.$$"
  mv -f "$path.$$" "$path"
  echo made
fi
cat "$path"
`, [rayTokenPath(session.head.host)], { name: "sage-make-token" }), { signal, hidesOutput: true });
  remember(session, stdout.replace(/^made\n/, ""));
  return stdout.startsWith("made\n");
}

/** Brings it to a worker. */
export async function sendToken(session: ClusterSession, host: Host, spec: ClusterHost, signal: AbortSignal): Promise<void> {
  const token = await rayToken(session, signal);
  if (token) await host.upload(rayTokenPath(spec), Buffer.from(token.reveal()), { mode: 0o600, signal });
}

function remember(session: ClusterSession, text: string): Secret | undefined {
  if (text.trim() === "") return undefined;
  const token = new Secret(text.trim());
  known.set(session, token);
  return token;
}
