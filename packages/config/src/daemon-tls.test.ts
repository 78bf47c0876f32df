import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DaemonSettings } from "./cluster.ts";
import { readDaemonAddress } from "./daemon-settings.ts";
import { callerTls, servesTls } from "./daemon-tls.ts";

let home = "";
beforeEach(async () => { home = await mkdtemp(join(tmpdir(), "sage-tls-")); });
afterEach(() => rm(home, { recursive: true }));

const read = (env: NodeJS.ProcessEnv = {}): Promise<DaemonSettings> => readDaemonAddress({ env: { SAGE_HOME: home, ...env } });
async function makeCa(): Promise<string> {
  await mkdir(join(home, "tls"));
  await writeFile(join(home, "tls/ca.pem"), "");
  return join(home, "tls/ca.pem");
}

test("a daemon on loopback speaks clear text, on any other address TLS, unless it is told otherwise", async () => {
  expect(servesTls(await read(), "127.0.0.1")).toBe(false);
  expect(servesTls(await read(), "0.0.0.0")).toBe(true);
  expect(servesTls(await read({ SAGE_DAEMON_TLS_MODE: "off" }), "0.0.0.0")).toBe(false);
  expect(servesTls(await read({ SAGE_DAEMON_TLS_MODE: "on" }), "127.0.0.1")).toBe(true);
  expect(servesTls(await read({ SAGE_DAEMON_TLS_CERT_FILE: "/c.pem", SAGE_DAEMON_TLS_KEY_FILE: "/k.pem" }), "127.0.0.1")).toBe(true);
});

test("callers trust the authority that is configured, else the one in Sage's home, else the system's", async () => {
  const open = { SAGE_DAEMON_HOST: "base-sage", SAGE_DAEMON_BIND_HOST: "0.0.0.0" };
  expect(callerTls(await read(open))).toEqual({});
  const made = await makeCa();
  expect(callerTls(await read(open))).toEqual({ caPath: made });
  expect(callerTls(await read({ ...open, SAGE_DAEMON_TLS_CA_FILE: "/our/ca.pem", SAGE_DAEMON_TLS_CLIENT_CERT_FILE: "/me.pem", SAGE_DAEMON_TLS_CLIENT_KEY_FILE: "/me.key" })))
    .toEqual({ caPath: "/our/ca.pem", certPath: "/me.pem", keyPath: "/me.key" });
});

test("an authority in Sage's home does not make a daemon on this machine's loopback, or one behind a tunnel, speak TLS", async () => {
  const made = await makeCa();
  expect(callerTls(await read())).toBe(undefined);
  expect(callerTls(await read({ SAGE_DAEMON_HOST: "base-sage" }), true)).toBe(undefined);
  expect(callerTls(await read({ SAGE_DAEMON_HOST: "base-sage" }))).toEqual({ caPath: made });
  expect(callerTls(await read({ SAGE_DAEMON_HOST: "base-sage", SAGE_DAEMON_TLS_MODE: "off" }))).toBe(undefined);
});

test("half a pair of files is refused, and clear text for everybody is warned of", async () => {
  await expect(read({ SAGE_DAEMON_TLS_CLIENT_KEY_FILE: "/me.key" })).rejects.toThrow(/daemon\.tls\.client_key_file: is set without client_cert_file/);
});
