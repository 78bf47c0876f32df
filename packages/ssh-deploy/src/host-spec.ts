// A host of the cluster model as this package takes it: its secrets fetched, its names kept.
import type { ClusterHost, Login, SecretRef, SshSettings as ConfiguredSsh } from "@sage/config";
import type { Secret } from "@sage/core";
import type { LoginKey, SshLogin } from "./login.ts";
import type { HostSpec, SshSettings } from "./open-hosts.ts";

/** @param readSecret - `readSecret` of @sage/config with its environment. */
export async function toHostSpec(host: Pick<ClusterHost, "name" | "host" | "port" | "logins" | "jump">, readSecret: (ref: SecretRef) => Promise<Secret>): Promise<HostSpec> {
  const { jump } = host;
  return {
    name: host.name, host: host.host,
    ...(host.port === 22 ? {} : { port: host.port }), // the default: ~/.ssh/config may know better
    logins: await Promise.all(host.logins.map((login) => toLogin(login, readSecret))),
    ...(jump === undefined ? {} : { jump: `${jump.user === undefined ? "" : `${jump.user}@`}${jump.host.includes(":") ? `[${jump.host}]` : jump.host}${jump.port === 22 ? "" : `:${jump.port}`}` }),
  };
}

export function toSshSettings(ssh: ConfiguredSsh): SshSettings {
  return { connectTimeoutMs: ssh.connectTimeoutMs, keepaliveIntervalMs: ssh.keepaliveIntervalMs, knownHostsPath: ssh.knownHostsPath, configPath: ssh.configPath };
}

async function toLogin({ user, key, password }: Login, readSecret: (ref: SecretRef) => Promise<Secret>): Promise<Omit<SshLogin, "user"> & { readonly user?: string }> {
  return {
    ...(user === undefined ? {} : { user }),
    ...(key === undefined ? {} : { key: await toKey(key, readSecret) }),
    ...(password === undefined ? {} : { password: await readSecret(password) }),
  };
}

async function toKey(key: NonNullable<Login["key"]>, readSecret: (ref: SecretRef) => Promise<Secret>): Promise<LoginKey> {
  if (key.from === "agent") return key;
  const passphrase = key.passphrase === undefined ? {} : { passphrase: await readSecret(key.passphrase) };
  return key.from === "path" ? { from: "path", path: key.path, ...passphrase } : { from: "text", privateKey: await readSecret(key.privateKey), ...passphrase };
}
