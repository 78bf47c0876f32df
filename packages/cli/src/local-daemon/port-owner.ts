// Who listens on a port of this machine, where the system lets us see it (Linux; other users' processes only as root).

import { readFile, readdir, readlink } from "node:fs/promises";
import { connect } from "node:net";
import { processFacts } from "./process-facts.ts";

/** Whether something accepts connections there within `timeoutMs`. */
export function isListening(host: string, port: number, timeoutMs = 1_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => end(true)); // it took the connection attempt and says nothing: busy
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}

/** `pid 4711 (nginx: master)`; undefined if it cannot be seen. */
export async function portOwner(port: number): Promise<string | undefined> {
  if (process.platform !== "linux") return undefined;
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => "");
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined && inodes.has(inode)) return `pid ${pid} (${(await processFacts(Number(pid)))?.commandLine.slice(0, 120) ?? "?"})`;
    }
  }
  return undefined;
}

const listenState = "0A";

async function listeningInodes(port: number): Promise<Set<string>> {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  const inodes = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of (await readFile(table, "utf8").catch(() => "")).split("\n")) {
      const fields = line.trim().split(/\s+/);
      if (fields[3] === listenState && fields[1]?.endsWith(`:${wanted}`) && fields[9] !== undefined) inodes.add(fields[9]);
    }
  }
  return inodes;
}
