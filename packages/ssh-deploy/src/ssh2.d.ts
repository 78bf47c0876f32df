// The part of ssh2 1.17 that is used here. (@types/ssh2 lacks `reason` on errors and brings another Node's types.)
declare module "ssh2" {
  import type { EventEmitter } from "node:events";
  import type { Duplex, Readable } from "node:stream";

  export interface SshFailure extends Error {
    /** "client-socket", "client-timeout", "client-authentication", "handshake", "protocol", "agent". */
    level?: string;
    code?: string;
    /** RFC 4254 §5.1; 2 also means "no more sessions" from OpenSSH. */
    reason?: number;
  }

  export interface ParsedKey {
    readonly type: string;
    readonly comment: string;
    getPublicSSH(): Buffer;
    isPrivateKey(): boolean;
    getPrivatePEM(): string;
    /** @param hash - of OpenSSL; default: the one of the key's type, for RSA SHA-1. */
    sign(data: Buffer, hash?: string | null): Buffer | Error;
  }

  export type AuthAttempt =
    | { readonly type: "publickey"; readonly username: string; readonly key: ParsedKey }
    | { readonly type: "agent"; readonly username: string; readonly agent: OpenSSHAgent }
    | { readonly type: "password"; readonly username: string; readonly password: string }
    | {
        readonly type: "keyboard-interactive";
        readonly username: string;
        readonly prompt: (name: string, instructions: string, lang: string, prompts: readonly { prompt: string; echo: boolean }[], finish: (answers: string[]) => void) => void;
      };

  export interface ConnectConfig {
    readonly sock: Duplex;
    readonly username: string;
    readonly readyTimeout: number;
    readonly keepaliveInterval: number;
    readonly keepaliveCountMax: number;
    readonly algorithms: { readonly kex: readonly string[]; readonly serverHostKey: readonly string[] };
    readonly hostVerifier: (key: Buffer, verify: (accepted: boolean) => void) => void;
    readonly authHandler: (methodsLeft: readonly string[] | null, partialSuccess: boolean | null, next: (attempt: AuthAttempt | false) => void) => void;
  }

  export interface ClientChannel extends Duplex {
    readonly stderr: Readable;
    close(): void;
    /** Not public. */
    readonly outgoing: { readonly id: number; readonly state: string };
  }

  export class Client extends EventEmitter {
    connect(config: ConnectConfig): this;
    exec(command: string, done: (error: SshFailure | undefined, channel: ClientChannel) => void): this;
    forwardOut(fromHost: string, fromPort: number, toHost: string, toPort: number, done: (error: SshFailure | undefined, channel: Duplex) => void): this;
    openssh_forwardOutStreamLocal(socketPath: string, done: (error: SshFailure | undefined, channel: Duplex) => void): this;
    end(): this;
    /** Not public. */
    readonly _protocol: {
      signal(channelId: number, name: string): void;
      /** Without `sign`, asks whether the server would take the key. */
      authPK(user: string, key: ParsedKey, algorithm?: string, sign?: (data: Buffer, done: (signature: Buffer) => void) => void): void;
    };
  }

  export class OpenSSHAgent {
    constructor(socketPath: string);
    getIdentities(done: (error: Error | undefined, keys?: ParsedKey[]) => void): void;
  }

  export const utils: { parseKey(data: string | Buffer, passphrase?: string): ParsedKey | ParsedKey[] | Error };

  const ssh2: { readonly Client: typeof Client; readonly OpenSSHAgent: typeof OpenSSHAgent; readonly utils: typeof utils };
  export default ssh2;
}
