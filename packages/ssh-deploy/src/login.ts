// Who logs in, and with what: a login as it is configured becomes the attempts that the server is offered.
//
// Secrets go to the server alone, and only after its host key was accepted.
import { homedir } from "node:os";
import { join } from "node:path";
import { messageOf, type Secret } from "@sage/core";
import type { AuthAttempt, ParsedKey } from "ssh2";
import { KeyFileError } from "./errors.ts";
import { PrivateKeys, type AskPassphrase } from "./private-keys.ts";
import { checkUserName } from "./safe-names.ts";

export type LoginKey =
  | { readonly from: "path"; readonly path: string; readonly passphrase?: Secret }
  | { readonly from: "text"; readonly privateKey: Secret; readonly passphrase?: Secret }
  /** The agent's key with this public half (OpenSSH's one-line form). */
  | { readonly from: "agent"; readonly publicKey: string };

/** With neither key nor password: the agent's keys, then the usual key files. */
export interface SshLogin {
  readonly user: string;
  readonly key?: LoginKey;
  readonly password?: Secret;
}

export interface LoginOptions {
  /** Socket of the agent; default `SSH_AUTH_SOCK`; empty: none. */
  readonly agentSocket?: string;
  /** Tried where a login names no key; default: the usual files of `~/.ssh`. Files that are not there are passed over. */
  readonly usualKeyPaths?: readonly string[];
  /** Asked for the passphrase of an encrypted key that has none; undefined: the key is passed over, or an error if it is the only one. */
  readonly askPassphrase?: AskPassphrase;
  /** Keys that were read for other hosts already; its own `askPassphrase` counts. */
  readonly keys?: PrivateKeys;
}

/** One thing to offer, and how reports call it: "key /home/me/.ssh/id_ed25519". */
export interface LoginAttempt {
  readonly title: string;
  readonly attempt: AuthAttempt;
}

/** What one login offers, best first. Reports in `notes` what was passed over, and why. */
export async function attemptsOf(login: SshLogin, options: LoginOptions, notes: string[]): Promise<LoginAttempt[]> {
  const username = checkUserName(login.user);
  const attempts: LoginAttempt[] = [];
  const agentSocket = options.agentSocket ?? process.env["SSH_AUTH_SOCK"] ?? "";
  const keys = options.keys ?? new PrivateKeys(options.askPassphrase);
  const publicKey = (title: string, key: ParsedKey) => attempts.push({ title, attempt: { type: "publickey", username, key } });

  if (login.key?.from === "text") publicKey("the configured key", await keys.fromText(login.key.privateKey, login.key.passphrase));
  if (login.key?.from === "path") publicKey(`key ${login.key.path}`, await keys.fromFile(login.key.path, login.key.passphrase));
  if (login.key?.from === "agent") {
    if (agentSocket === "") throw new KeyFileError("a login uses a key of the SSH agent, and there is no agent", "Start one, `ssh-add` the key, and see that SSH_AUTH_SOCK is set.");
    attempts.push({ title: "the agent's key", attempt: { type: "agent", username, agent: await agentOf(agentSocket, login.key.publicKey) } });
  }
  if (login.key === undefined && login.password === undefined) {
    if (agentSocket !== "") attempts.push({ title: "the agent's keys", attempt: { type: "agent", username, agent: await agentOf(agentSocket) } });
    for (const path of options.usualKeyPaths ?? usualKeyPaths()) {
      try {
        publicKey(`key ${path}`, await keys.fromFile(path));
      } catch (error) {
        if (!isMissing(error)) notes.push(`key ${path}: ${messageOf(error)}`);
      }
    }
  }
  if (login.password !== undefined) attempts.push(...passwordAttempts(username, login.password));
  return attempts;
}

/** ssh2 is loaded late: see connection.ts. */
const agentOf = async (socketPath: string, publicKey?: string) => (await import("./agent.ts")).agentWith(socketPath, publicKey);

/** The password method, and the same answer to a server that asks for it as a dialogue. */
function passwordAttempts(username: string, secret: Secret): LoginAttempt[] {
  const password = secret.reveal();
  return [
    { title: "password", attempt: { type: "password", username, password } },
    {
      title: "password dialogue",
      attempt: {
        type: "keyboard-interactive", username,
        // Only a single hidden question is one for the password.
        prompt: (_name, _instructions, _lang, prompts, finish) => finish(prompts.length === 1 && !prompts[0]!.echo ? [password] : prompts.map(() => "")),
      },
    },
  ];
}

function usualKeyPaths(): string[] {
  return ["id_ed25519", "id_ecdsa", "id_rsa"].map((name) => join(homedir(), ".ssh", name));
}

function isMissing(error: unknown): boolean {
  return error instanceof KeyFileError && (error.cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
}
