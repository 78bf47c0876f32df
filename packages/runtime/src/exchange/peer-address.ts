// Where a worker listens for its peers, as text that can be told to them: `unix:/path` or `tcp:host:port`.

import { chmod, mkdir, stat, unlink } from "node:fs/promises";
import type { Server } from "node:net";
import { join } from "node:path";
import { NoFreePortError, UnsafeSocketDirError } from "./errors.ts";

export type ListenOn =
  /** A socket in a directory that only this user may enter; made, with mode 0700, if it is not there. */
  | { readonly kind: "unix"; readonly dir: string }
  /** `port` 0, the default, takes any free one, a range any free one of it; `advertisedHost` is what peers dial, default `host`. */
  | { readonly kind: "tcp"; readonly host: string; readonly port?: number | PortRange; readonly advertisedHost?: string };

/** Both ends belong to it. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Connections that wait for this process to accept them; beyond it the kernel makes diallers wait for a second. */
const backlog = 4_096;
/** Linux and macOS cut longer paths off. */
const longestSocketPath = 103;

/** Starts listening; resolves to the address to tell peers. */
export async function listenOn(server: Server, where: ListenOn, socketName: string): Promise<string> {
  if (where.kind === "tcp") {
    await listeningOnOne(server, where.host, where.port ?? 0);
    const bound = server.address();
    const port = typeof bound === "object" && bound !== null ? bound.port : 0;
    const host = where.advertisedHost ?? where.host;
    return `tcp:${host.includes(":") ? `[${host}]` : host}:${port}`;
  }
  const path = join(where.dir, socketName);
  if (Buffer.byteLength(path) > longestSocketPath) throw new UnsafeSocketDirError(where.dir, `${path} is longer than ${longestSocketPath} bytes`);
  await makePrivate(where.dir);
  await unlink(path).catch(() => undefined); // left behind by a killed worker; nobody else can write here
  await listening(server, { path });
  await chmod(path, 0o600);
  return `unix:${path}`;
}

async function makePrivate(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const { mode, uid } = await stat(dir);
  if ((mode & 0o077) !== 0) throw new UnsafeSocketDirError(dir, `its mode is ${(mode & 0o777).toString(8)}`);
  if (process.getuid !== undefined && uid !== process.getuid()) throw new UnsafeSocketDirError(dir, "it belongs to another user");
}

/** Begins somewhere in the range: workers that start together try different ports. */
async function listeningOnOne(server: Server, host: string, port: number | PortRange): Promise<void> {
  if (typeof port === "number") return listening(server, { host, port });
  const { from, to } = port;
  const count = to - from + 1;
  const first = Math.floor(Math.random() * count);
  for (let i = 0; i < count; i++) {
    try {
      return await listening(server, { host, port: from + ((first + i) % count) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
  throw new NoFreePortError(host, from, to);
}

function listening(server: Server, options: { host: string; port: number } | { path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ ...options, backlog }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** What `net.connect` takes for an address. @throws plain Error if it is none */
export function dialOptions(address: string): { path: string } | { host: string; port: number } {
  if (address.startsWith("unix:")) return { path: address.slice(5) };
  const match = /^tcp:(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(address);
  if (match === null) throw new Error(`not the address of a worker: ${address}`);
  return { host: match[1] ?? match[2]!, port: Number(match[3]) };
}
