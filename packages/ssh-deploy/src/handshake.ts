// From a byte stream to a client that is logged in: the host key is judged first, then the logins of one user are offered.
import type { Duplex } from "node:stream";
import { messageOf } from "@sage/core";
import ssh2, { type Client, type SshFailure } from "ssh2";
import { ConnectionLostError, DroppedError, HostKeyChangedError, HostKeyRefusedError, HostKeyUnknownError, LoginRefusedError, UnreachableError } from "./errors.ts";
import { algorithmsPreferring, keyExchanges, toHostKey, weaknessOf, type HostKey } from "./host-key.ts";
import { entriesFor, judgeHostKey, knownHostName, knownTypes, type KnownHostEntry } from "./known-hosts.ts";
import { removalOf, trustHostKey } from "./known-hosts-file.ts";
import type { LoginAttempt } from "./login.ts";

/** What is known of hosts' keys, and what to do with an unknown one. */
export interface HostKeyPolicy {
  readonly entries: readonly KnownHostEntry[];
  /** The file that a newly trusted key is written to. */
  readonly path: string;
  /** Trust a host that was never seen, and write its key down; default false. A changed key is refused all the same. */
  readonly acceptNew?: boolean;
}

export interface HandshakeOptions {
  /** What errors call it: `node1:22`. */
  readonly where: string;
  /** How the operator calls it. */
  readonly name: string;
  readonly port: number;
  /** Under which name and port its key is known. */
  readonly keyHost: string;
  readonly keyPort: number;
  readonly hostKeys: HostKeyPolicy;
  readonly timeoutMs: number;
  readonly keepaliveIntervalMs: number;
  readonly keepaliveCount: number;
  readonly user: string;
  readonly attempts: readonly LoginAttempt[];
  /** Outcomes of the attempts are added here. */
  readonly tried: string[];
  readonly signal: AbortSignal | undefined;
}

/** @throws LoginRefusedError, HostKey…Error, UnreachableError, DroppedError; on every one the stream is destroyed. */
export function logIn(stream: Duplex, options: HandshakeOptions): Promise<Client> {
  const { keyHost, keyPort, signal, where } = options;
  const known = entriesFor(options.hostKeys.entries, keyHost, keyPort); // looked up once: hashed names take a while
  const hostKeys = { ...options.hostKeys, entries: known };
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const client = new ssh2.Client();
    let refusal: Error | undefined;
    const finish = (act: () => void) => {
      signal?.removeEventListener("abort", onAbort);
      client.removeAllListeners();
      client.on("error", () => {});
      act();
    };
    const fail = (error: unknown) => finish(() => {
      stream.on("error", () => {});
      stream.destroy();
      reject(error as Error);
    });
    const onAbort = () => fail(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    client.on("ready", () => finish(() => resolve(client)));
    client.on("close", () => fail(refusal ?? new DroppedError(where)));
    client.on("error", (error: SshFailure) => {
      if (error.level === "agent") return void options.tried.push(`${options.user}: the agent gave no keys (${messageOf(error)})`); // ssh2 goes on
      fail(refusal ?? toSageError(error, options));
    });
    client.connect({
      sock: stream,
      username: options.user,
      readyTimeout: options.timeoutMs,
      keepaliveInterval: options.keepaliveIntervalMs,
      keepaliveCountMax: options.keepaliveCount,
      algorithms: { kex: keyExchanges, serverHostKey: algorithmsPreferring(knownTypes(known, keyHost, keyPort)) },
      hostVerifier: (key, verify) => {
        checkHostKey(key, { ...options, hostKeys }).then(
          () => verify(true),
          (error: Error) => {
            refusal = error;
            verify(false);
          },
        );
      },
      authHandler: offering(options.attempts, options),
    });
    signAtOnce(client);
  });
}

/** ssh2 asks first whether the server would take a key, and signs then: a round trip that a key which lies here needs not. */
function signAtOnce(client: Client): void {
  const protocol = client._protocol;
  const ask = protocol.authPK.bind(protocol);
  protocol.authPK = (user, key, algorithm, sign) => {
    if (sign !== undefined || !key.isPrivateKey()) return ask(user, key, algorithm, sign); // an agent may ask its user
    const hash = algorithm?.startsWith("rsa-sha2-") ? algorithm.replace("rsa-sha2-", "sha") : undefined;
    ask(user, key, algorithm, (data, done) => {
      const signature = key.sign(data, hash);
      if (signature instanceof Error) ask(user, key, algorithm); // ssh2 says what is wrong with it
      else done(signature);
    });
  };
}

async function checkHostKey(blob: Buffer, { where, name, keyHost, keyPort, hostKeys }: HandshakeOptions): Promise<void> {
  const key = toHostKey(blob);
  const weakness = weaknessOf(blob);
  if (weakness !== undefined) throw new HostKeyRefusedError(where, weakness, "Give the host an Ed25519 key: `ssh-keygen -A`.");
  const verdict = judgeHostKey(hostKeys.entries, keyHost, keyPort, blob);
  if (verdict.kind === "trusted") return;
  if (verdict.kind === "revoked") throw new HostKeyRefusedError(where, `it is revoked by ${verdict.place}`, "Set the host up with a new key.");
  if (verdict.kind === "changed") throw new HostKeyChangedError(where, key, verdict.known, removalOf(knownHostName(keyHost, keyPort), hostKeys.path));
  if (hostKeys.acceptNew !== true) throw new HostKeyUnknownError(name, where, key, verdict.onlyAuthority);
  await trustHostKey(hostKeys.path, keyHost, keyPort, key);
}

/** Offers one attempt after the other, leaving out what the server does not take. */
function offering(attempts: readonly LoginAttempt[], { user, tried }: HandshakeOptions) {
  let next = 0;
  let offered: string | undefined;
  const names: Record<string, string> = { publickey: "publickey", agent: "publickey", password: "password", "keyboard-interactive": "keyboard-interactive" };
  return (methodsLeft: readonly string[] | null, _partial: boolean | null, offer: (attempt: LoginAttempt["attempt"] | false) => void) => {
    if (offered !== undefined) tried.push(`${user}: ${offered} was refused`);
    offered = undefined;
    for (; next < attempts.length; next++) {
      const { title, attempt } = attempts[next]!;
      if (methodsLeft !== null && !methodsLeft.includes(names[attempt.type]!)) {
        if (title !== "password dialogue") tried.push(`${user}: ${title} was not offered, the server takes ${methodsLeft.join(", ")}`);
        continue;
      }
      next++;
      offered = title;
      return offer(attempt);
    }
    offer(false);
  };
}

function toSageError(error: SshFailure, { where, timeoutMs, tried, port }: HandshakeOptions): Error {
  if (error.level === "client-authentication") return new LoginRefusedError(where, tried, error);
  if (error.level === "client-timeout") {
    return new UnreachableError(where, `no SSH handshake within ${timeoutMs / 1000} s`, `Something else than sshd may listen on port ${port}, or the host hangs.`, error);
  }
  if (/before handshake|ECONNRESET|EPIPE/.test(`${error.message} ${error.code}`)) return new DroppedError(where, error);
  if (/Too many authentication failures/i.test(error.message)) return new LoginRefusedError(where, [...tried, "the server allows no more attempts (MaxAuthTries)"], error);
  if (error.level === "handshake" && /no matching/i.test(error.message)) {
    return new HostKeyRefusedError(where, `the two sides share no safe algorithm (${error.message})`, "Update the host's OpenSSH, or give it an Ed25519 key.");
  }
  if (error.level === "client-socket") return new UnreachableError(where, error.message, "See that the host is up and the port is right.", error);
  return new ConnectionLostError(where, `logging in (${error.message})`, error);
}

/** Asks a server for its key, without logging in: what `trust` shows before it is written down. */
export function showHostKey(stream: Duplex, where: string, timeoutMs: number, signal?: AbortSignal): Promise<HostKey> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    const finish = (act: () => void) => {
      signal?.removeEventListener("abort", onAbort);
      stream.on("error", () => {});
      stream.destroy();
      act();
    };
    const onAbort = () => finish(() => reject(signal?.reason as Error));
    signal?.addEventListener("abort", onAbort, { once: true });
    client.on("error", (error: SshFailure) => finish(() => reject(new UnreachableError(where, error.message, "See that an SSH server listens there.", error))));
    client.on("close", () => finish(() => reject(new DroppedError(where))));
    client.connect({
      sock: stream, username: "sage", readyTimeout: timeoutMs, keepaliveInterval: 0, keepaliveCountMax: 0,
      algorithms: { kex: keyExchanges, serverHostKey: algorithmsPreferring([]) },
      hostVerifier: (key, verify) => {
        resolve(toHostKey(key));
        verify(false);
      },
      authHandler: (_left, _partial, next) => next(false),
    });
  });
}
