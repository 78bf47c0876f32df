// What `~/.ssh/config` says of a host: asked of `ssh -G`, which knows every rule, or read by ssh-config where there is
// no ssh.
//
// Invariants:
//   G1. A name that starts with a dash, or could be anything but a name, never reaches the ssh command.
//   G2. Without a configuration that could say something, nothing is started: a hundred hosts cost nothing.
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import SSHConfig from "ssh-config";
import { checkHostName, checkUserName } from "./safe-names.ts";
import { SshConfigError } from "./errors.ts";

/** Where `ssh` was asked, its own defaults stand for what the configuration does not say. */
export interface SshConfigAnswer {
  /** The real name or address. */
  readonly hostName: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
  /** Absolute, in the order of trying. */
  readonly identityFiles: readonly string[];
  /** Socket of the agent; empty: none; unset: `SSH_AUTH_SOCK`. */
  readonly identityAgent: string | undefined;
  /** Hosts to go through, from here to there: `user@host:port`. */
  readonly proxyJump: readonly string[];
  readonly hostKeyAlias: string | undefined;
}

/** What there is to ask, read once for many hosts. */
export interface SshConfigText {
  readonly path: string;
  readonly isUsual: boolean;
  /** The user's file, and the machine's where that one counts, each with what it includes. */
  readonly own: string;
  readonly machines: string;
}

export interface SshConfigOptions {
  /** Default `~/.ssh/config`, and the machine's. */
  readonly configPath?: string;
  /** Read before; takes the place of `configPath`. */
  readonly text?: SshConfigText;
  /** The ssh command; default "ssh"; where it is not there, the file is read by a library, without Match and Include. */
  readonly sshCommand?: string;
  readonly signal?: AbortSignal;
}

/**
 * @param alias - as the operator wrote it: an alias, a name or an address.
 * @throws {@link SshConfigError} if the file cannot be understood or asks for ProxyCommand, which is not supported.
 */
export async function askSshConfig(alias: string, options: SshConfigOptions = {}): Promise<SshConfigAnswer> {
  checkHostName(alias); // G1
  const { path: configPath, isUsual, own, machines } = options.text ?? (await readSshConfig(options.configPath));
  if (!mayMatter(own, alias) && !mayMatter(machines, alias)) return nothing(alias); // G2
  const args = isUsual ? [] : ["-F", own === "" ? "none" : configPath];
  try {
    const { stdout } = await promisify(execFile)(options.sshCommand ?? "ssh", ["-G", ...args, "--", alias], { timeout: 10_000, ...(options.signal ? { signal: options.signal } : {}) });
    return toAnswer(alias, fromPrinted(stdout));
  } catch (error) {
    options.signal?.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw wrap(error, configPath);
    return toAnswer(alias, fromLibrary(own, alias, configPath));
  }
}

/** @param path - default `~/.ssh/config`; with it, the machine's own configuration counts as well. */
export async function readSshConfig(path?: string): Promise<SshConfigText> {
  const folder = join(userInfo().homedir, ".ssh");
  const usualPath = join(folder, "config");
  const isUsual = path === undefined || path === usualPath;
  return { path: path ?? usualPath, isUsual, own: await readConfig(path ?? usualPath, folder), machines: isUsual ? await readConfig("/etc/ssh/ssh_config", "/etc/ssh") : "" };
}

type Values = ReadonlyMap<string, readonly string[]>;

/** `ssh -G` prints one `key value` a line, keys in lower case. */
function fromPrinted(text: string): Values {
  const values = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const space = line.indexOf(" ");
    if (space > 0) values.set(line.slice(0, space), [...(values.get(line.slice(0, space)) ?? []), line.slice(space + 1)]);
  }
  return values;
}

function fromLibrary(text: string, alias: string, path: string): Values {
  let computed: Record<string, string | string[]>;
  try {
    computed = SSHConfig.parse(text).compute(alias) as Record<string, string | string[]>;
  } catch (error) {
    throw wrap(error, path);
  }
  return new Map(Object.entries(computed).map(([key, value]) => [key.toLowerCase(), [value].flat()]));
}

function toAnswer(alias: string, values: Values): SshConfigAnswer {
  const one = (key: string) => values.get(key)?.[0];
  const proxyCommand = one("proxycommand");
  if (proxyCommand !== undefined && proxyCommand !== "none") throw new SshConfigError(`${alias} is reached by ProxyCommand`, "Use ProxyJump, which Sage understands, or `jump_host` in Sage's configuration.");
  const hostName = (one("hostname") ?? alias).replaceAll("%h", alias).replaceAll("%%", "%");
  const user = one("user");
  const jump = one("proxyjump");
  const agent = one("identityagent");
  return {
    hostName: checkHostName(hostName),
    port: one("port") === undefined ? undefined : Number(one("port")),
    user: user === undefined ? undefined : checkUserName(user),
    identityFiles: (values.get("identityfile") ?? []).map((path) => expand(path, alias)).filter((path) => path !== "none"),
    identityAgent: agent === undefined || agent === "SSH_AUTH_SOCK" ? undefined : agent === "none" ? "" : expand(agent, alias),
    proxyJump: jump === undefined || jump === "none" ? [] : jump.split(",").map((hop) => hop.trim().replace(/^ssh:\/\//, "")),
    hostKeyAlias: one("hostkeyalias"),
  };
}

/** `~` and the tokens that make sense for files of this machine. */
function expand(path: string, alias: string): string {
  return path.replace(/^~(?=\/|$)/, homedir()).replace(/%([%dhu])/g, (_, token: string) => ({ "%": "%", d: homedir(), h: alias, u: userInfo().username })[token] ?? "");
}

const nothing = (alias: string): SshConfigAnswer => ({
  hostName: alias, port: undefined, user: undefined, identityFiles: [], identityAgent: undefined, proxyJump: [], hostKeyAlias: undefined,
});

/** Whether a configuration could say anything of this host that Sage asks for. Says yes when in doubt. */
function mayMatter(text: string, alias: string): boolean {
  let applies = true;
  for (const line of text.split("\n")) {
    const [key, ...rest] = line.trim().split(/[\s=]+/);
    switch (key?.toLowerCase()) {
      case "match":
        return true;
      case "host":
        applies = rest.some((pattern) => pattern.replace(/^!/, "").toLowerCase() === alias.toLowerCase() || /[*?]/.test(pattern));
        break;
      case "hostname": case "port": case "user": case "identityfile": case "identityagent": case "proxyjump": case "proxycommand": case "hostkeyalias":
        if (applies) return true;
        break;
      default:
    }
  }
  return false;
}

/** A file with what it includes at its end, as for every host: enough to tell whether it is worth asking. */
async function readConfig(path: string, baseDir: string, depth = 0): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => "");
  const parts = [text];
  for (const [, patterns] of text.matchAll(/^[ \t]*include[ \t=]+(.+)$/gim)) {
    for (const pattern of patterns!.trim().split(/[ \t]+/)) {
      for (const included of await filesLike(resolve(baseDir, pattern.replace(/^"|"$/g, "").replace(/^~(?=\/)/, userInfo().homedir)))) {
        parts.push(`\nHost *\n${depth < 8 ? await readConfig(included, baseDir, depth + 1) : ""}`);
      }
    }
  }
  return parts.join("");
}

/** The files that a pattern with `*` and `?` in its last part names. */
async function filesLike(pattern: string): Promise<string[]> {
  const like = new RegExp(`^${basename(pattern).replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".")}$`);
  const names = await readdir(dirname(pattern)).catch(() => []);
  return names.filter((name) => like.test(name)).map((name) => join(dirname(pattern), name));
}

function wrap(error: unknown, path: string): SshConfigError {
  if (error instanceof SshConfigError) return error;
  const said = (error as { stderr?: string }).stderr?.trim() || (error as Error).message;
  return new SshConfigError(`${path} cannot be used: ${said}`, "Correct it; `ssh -G HOST` shows the same complaint.", error);
}
