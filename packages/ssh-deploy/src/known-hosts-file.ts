// The known_hosts files of this machine: read, and one line appended when somebody trusts a host.
import { appendFile, mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { quote } from "@sage/core";
import { HostKeyChangedError, HostKeyRefusedError } from "./errors.ts";
import { type HostKey, weaknessOf } from "./host-key.ts";
import { judgeHostKey, knownHostName, parseKnownHosts, type KnownHostEntry } from "./known-hosts.ts";

/** What every user of this machine trusts, beside one's own file. */
export const globalKnownHostsPath = "/etc/ssh/ssh_known_hosts";

/** Reads one's own file and the machine's; a file that is not there knows nobody. */
export async function readKnownHosts(path: string, alsoRead: readonly string[] = [globalKnownHostsPath]): Promise<KnownHostEntry[]> {
  const texts = await Promise.all([path, ...alsoRead].map(async (each) => parseKnownHosts(await readIfThere(each), each)));
  return texts.flat();
}

/**
 * Writes down that `key` is the host's. The line is added by one write to the end of the file, so that two who trust at
 * the same time lose nothing; a new file has mode 0600, its folder 0700.
 *
 * @returns whether anything was written: a key that is trusted already is not written again.
 * @throws {@link HostKeyChangedError} if another key is known, {@link HostKeyRefusedError} if this one is revoked or weak.
 */
export async function trustHostKey(path: string, host: string, port: number, key: HostKey): Promise<boolean> {
  const blob = Buffer.from(key.base64, "base64");
  const where = knownHostName(host, port);
  const weakness = weaknessOf(blob);
  if (weakness !== undefined) throw new HostKeyRefusedError(where, weakness, "Give the host an Ed25519 key: `ssh-keygen -A`.");
  const verdict = judgeHostKey(await readKnownHosts(path), host, port, blob);
  if (verdict.kind === "trusted") return false;
  if (verdict.kind === "changed") throw new HostKeyChangedError(where, key, verdict.known, removalOf(where, path));
  if (verdict.kind === "revoked") throw new HostKeyRefusedError(where, `it is revoked by ${verdict.place}`, "Set the host up with a new key.");
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const needsNewline = !(await endsWithNewline(path));
  await appendFile(path, `${needsNewline ? "\n" : ""}${where} ${key.type} ${key.base64}\n`, { mode: 0o600, flush: true });
  return true;
}

/** The command that forgets a host. */
export function removalOf(where: string, path: string): string {
  return `ssh-keygen -R ${quote(where)} -f ${quote(path)}`;
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

async function endsWithNewline(path: string): Promise<boolean> {
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    if (size === 0) return true;
    return (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0] === 0x0a;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    throw error;
  }
}
