// A shell on a host by the system's own ssh, with what the configuration says: only a person at a terminal needs it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Cluster } from "@sage/config";
import type { Target } from "@sage/cluster";

/** The words for `ssh`. A password it asks for itself. */
export function sshWords({ ssh }: Cluster, { host }: Pick<Target, "host">, command: readonly string[]): string[] {
  const [login] = host.logins;
  const { jump } = host;
  return [
    ...(ssh.configPath === join(homedir(), ".ssh/config") || !existsSync(ssh.configPath) ? [] : ["-F", ssh.configPath]), ...(host.port === 22 ? [] : ["-p", String(host.port)]), ...(login?.key?.from === "path" ? ["-i", login.key.path] : []),
    "-o", `UserKnownHostsFile=${ssh.knownHostsPath}`, "-o", `ConnectTimeout=${Math.ceil(ssh.connectTimeoutMs / 1000)}`,
    ...(jump === undefined ? [] : ["-J", `${jump.user === undefined ? "" : `${jump.user}@`}${jump.host}:${jump.port}`]),
    ...(login?.user === undefined ? [] : ["-l", login.user]), "--", host.host, ...command,
  ];
}

/** @returns its exit code */
export function runSsh(words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn("ssh", words, { stdio: "inherit", env });
    child.once("error", reject).once("close", (code) => resolve(code ?? 1));
  });
}
