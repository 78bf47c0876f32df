// The SSH agent: all of its keys, or the one with a certain public half.
import ssh2, { type OpenSSHAgent, type ParsedKey } from "ssh2";
import { KeyFileError } from "./errors.ts";

/** @param publicKey - OpenSSH's one-line form (`ssh-ed25519 AAAA… comment`); unset: every key of the agent. */
export function agentWith(socketPath: string, publicKey?: string): OpenSSHAgent {
  if (publicKey === undefined) return new ssh2.OpenSSHAgent(socketPath);
  const wanted = publicKey.trim().split(/[ \t]+/)[1];
  if (wanted === undefined) throw new KeyFileError("the public key that names the agent's key is not OpenSSH's one-line form", "Copy the line that `ssh-add -L` prints.");
  return new OneKeyAgent(socketPath, wanted);
}

class OneKeyAgent extends ssh2.OpenSSHAgent {
  readonly #wanted: string;

  constructor(socketPath: string, wantedBase64: string) {
    super(socketPath);
    this.#wanted = wantedBase64;
  }

  override getIdentities(done: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    super.getIdentities((error, keys) => done(error, keys?.filter((key) => key.getPublicSSH().toString("base64") === this.#wanted)));
  }
}
