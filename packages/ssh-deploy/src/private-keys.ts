// Private keys, each read, opened and made ready for signing once, for however many hosts.
//
// Invariant: a private key file that others can read is not used.
import { createPrivateKey, sign } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { quote, type Secret } from "@sage/core";
import type { ParsedKey } from "ssh2";
import { KeyFileError } from "./errors.ts";

export type AskPassphrase = (keyPath: string) => Promise<Secret | undefined>;

export class PrivateKeys {
  readonly #ask: AskPassphrase | undefined;
  readonly #keys = new Map<string, Promise<ParsedKey>>();

  constructor(askPassphrase?: AskPassphrase) {
    this.#ask = askPassphrase;
  }

  /** @throws KeyFileError; with ENOENT as its cause's code where there is no file. */
  fromFile(path: string, passphrase?: Secret): Promise<ParsedKey> {
    return this.#once(`file ${path}`, passphrase, async () => this.#parse(await readKeyFile(path), path, passphrase));
  }

  /** @throws KeyFileError */
  fromText(privateKey: Secret, passphrase?: Secret): Promise<ParsedKey> {
    const text = privateKey.reveal();
    return this.#once(`text ${text}`, passphrase, () => this.#parse(text, "the configured key", passphrase));
  }

  /** What failed is tried anew: its file may have been mended since. */
  #once(name: string, passphrase: Secret | undefined, read: () => Promise<ParsedKey>): Promise<ParsedKey> {
    const id = JSON.stringify([name, passphrase?.reveal()]);
    const kept = this.#keys.get(id);
    if (kept) return kept;
    const fresh = read();
    this.#keys.set(id, fresh);
    fresh.catch(() => this.#keys.delete(id));
    return fresh;
  }

  async #parse(text: string, name: string, given: Secret | undefined): Promise<ParsedKey> {
    const { default: ssh2 } = await import("ssh2"); // late: see connection.ts
    let parsed = ssh2.utils.parseKey(text, given?.reveal());
    if (parsed instanceof Error && given === undefined && /no passphrase given/i.test(parsed.message)) {
      const asked = await this.#ask?.(name);
      if (asked === undefined) throw new KeyFileError(`the private key ${name} is encrypted`, "Give its passphrase (ssh.key_passphrase), or `ssh-add` it to an agent.");
      parsed = ssh2.utils.parseKey(text, asked.reveal());
    }
    const key = Array.isArray(parsed) ? parsed[0] : parsed;
    if (key instanceof Error && /bad passphrase|bad decrypt|integrity/i.test(key.message)) throw new KeyFileError(`the passphrase does not open the private key ${name}`, "Correct ssh.key_passphrase.", key);
    if (key === undefined || key instanceof Error || !key.isPrivateKey()) {
      throw new KeyFileError(`${name} is not a private key that OpenSSH would read`, "Name the private half, not the .pub file; formats are OpenSSH's and PEM.", key);
    }
    return readyToSign(key);
  }
}

async function readKeyFile(path: string): Promise<string> {
  try {
    const { mode, uid } = await stat(path);
    if (uid === process.getuid?.() && (mode & 0o077) !== 0) {
      throw new KeyFileError(`the private key ${path} can be read by others (mode ${(mode & 0o777).toString(8).padStart(4, "0")})`, `Run: chmod 600 ${quote(path)}`);
    }
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof KeyFileError) throw error;
    throw new KeyFileError(`the private key ${path} cannot be read`, "Correct ssh.key_path, or make a key with `ssh-keygen -t ed25519`.", error);
  }
}

/** The hash that goes with a type of key (RFC 5656 §6.2.1, RFC 8709); the server chooses it for RSA. */
const hashes: Readonly<Record<string, string | null>> = { "ssh-ed25519": null, "ecdsa-sha2-nistp256": "sha256", "ecdsa-sha2-nistp384": "sha384", "ecdsa-sha2-nistp521": "sha512" };

/** ssh2 parses the key's PEM anew for each signature, ten times the cost of the signature itself. */
function readyToSign(key: ParsedKey): ParsedKey {
  const whole = createPrivateKey(key.getPrivatePEM());
  const slow = key.sign.bind(key);
  key.sign = (data, hash = hashes[key.type]) => {
    if (hash === undefined) return slow(data);
    try {
      return sign(hash, data, whole);
    } catch (error) {
      return error as Error;
    }
  };
  return key;
}
