// What can go wrong between this machine and a host: each says who has to act, and what to do next.
import { hideUrlPasswords, SageError } from "@sage/core";

/** A host name, user or path that cannot be meant seriously; refused before anything is opened. */
export class UnsafeNameError extends SageError {
  constructor(what: "host" | "user" | "remote path", value: string, why: string) {
    super(`${JSON.stringify(value.slice(0, 80))} is not a ${what}: ${why}`, { code: "SAGE_UNSAFE_NAME", fault: "user", hint: `Correct the ${what} in the configuration.` });
  }
}

/** Nothing answers as an SSH server there. */
export class UnreachableError extends SageError {
  constructor(where: string, why: string, hint: string, cause?: unknown) {
    super(`${where} cannot be reached: ${why}`, { code: "SAGE_SSH_UNREACHABLE", fault: "cluster", retryable: true, hint, cause });
  }
}

/** The server hung up before it had greeted: too many connections are starting there (MaxStartups), or it is restarting. */
export class DroppedError extends SageError {
  constructor(where: string, cause?: unknown) {
    super(`${where} hung up before the handshake`, {
      code: "SAGE_SSH_DROPPED", fault: "cluster", retryable: true, hint: "Its sshd is restarting, or refuses more starting connections (MaxStartups).", cause,
    });
  }
}

/** The server let none of the logins in. `tried` names each user and method with its outcome. */
export class LoginRefusedError extends SageError {
  readonly tried: readonly string[];
  constructor(where: string, tried: readonly string[], cause?: unknown) {
    super(`${where} refused every login: ${tried.length > 0 ? tried.join("; ") : "there was none to try"}`, {
      code: "SAGE_SSH_LOGIN_REFUSED", fault: "user", cause,
      hint: "Check ssh.user and ssh.key_path; `ssh-copy-id` puts a public key onto a host.",
    });
    this.tried = tried;
  }
}

/** A private key that cannot be used. */
export class KeyFileError extends SageError {
  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { code: "SAGE_SSH_KEY", fault: "user", hint, cause });
  }
}

/** No key of the host is known. `line` is what known_hosts would hold. */
export class HostKeyUnknownError extends SageError {
  readonly fingerprint: string;
  constructor(host: string, where: string, key: { readonly type: string; readonly fingerprint: string }, onlyAuthority: boolean) {
    const authority = onlyAuthority ? " (known_hosts names an authority for it; certificates of hosts are not supported)" : "";
    super(`the key of ${where} is not known: ${key.type} ${key.fingerprint}${authority}`, {
      code: "SAGE_HOST_KEY_UNKNOWN", fault: "user",
      hint: `Compare the fingerprint with \`ssh-keygen -lf\` on the host, then run \`sage cluster trust ${host}\`.`,
    });
    this.fingerprint = key.fingerprint;
  }
}

/** Another key than the known one: another machine, or somebody in between. Never accepted. */
export class HostKeyChangedError extends SageError {
  readonly fingerprint: string;
  readonly knownFingerprints: readonly string[];
  constructor(where: string, key: { readonly type: string; readonly fingerprint: string }, known: readonly { readonly fingerprint: string; readonly type: string; readonly place: string }[], removal: string) {
    const expected = known.map((each) => `${each.type} ${each.fingerprint} (${each.place})`).join(", ");
    super(`the key of ${where} has changed: it showed ${key.type} ${key.fingerprint}; known is ${expected}`, {
      code: "SAGE_HOST_KEY_CHANGED", fault: "user",
      hint: `Somebody may be listening. If the host was really set up anew, run \`${removal}\` and trust it again.`,
    });
    this.fingerprint = key.fingerprint;
    this.knownFingerprints = known.map((each) => each.fingerprint);
  }
}

/** A key that is marked as revoked, or too weak to prove anything. Never accepted. */
export class HostKeyRefusedError extends SageError {
  constructor(where: string, why: string, hint: string) {
    super(`the key of ${where} is refused: ${why}`, { code: "SAGE_HOST_KEY_REFUSED", fault: "user", hint });
  }
}

/** The connection ended while something was under way; whether a command ran to its end is not known. */
export class ConnectionLostError extends SageError {
  constructor(where: string, doing: string, cause?: unknown) {
    super(`the connection to ${where} was lost while ${doing}`, { code: "SAGE_SSH_LOST", fault: "cluster", retryable: true, hint: "Run the command again: what is done is not done twice.", cause });
  }
}

/** A command on a host ended with another code than 0, or by a signal. */
export class CommandFailedError extends SageError {
  readonly exitCode: number | undefined;
  readonly stderr: string;
  constructor(where: string, command: string, result: { readonly exitCode: number | undefined; readonly signal: string | undefined; readonly stderr: string }) {
    const ended = result.signal === undefined ? `ended with code ${result.exitCode}` : `was ended by SIG${result.signal}`;
    const shown = command.length > 120 ? `${command.slice(0, 117)}…` : command;
    const said = hideUrlPasswords(result.stderr).trim().split("\n").slice(-3).join(" | ").slice(-400);
    super(`on ${where}, \`${shown.replaceAll("\n", " ")}\` ${ended}${said === "" ? "" : `: ${said}`}`, { code: "SAGE_REMOTE_COMMAND", fault: "cluster" });
    this.exitCode = result.exitCode;
    this.stderr = result.stderr;
  }
}

/** The host would not open a stream to that port or socket. */
export class ForwardRefusedError extends SageError {
  constructor(where: string, to: string, cause: unknown) {
    super(`${where} opens no stream to ${to}`, { code: "SAGE_SSH_FORWARD", fault: "cluster", retryable: true, hint: "Nothing listens there, or sshd forbids forwarding (AllowTcpForwarding, AllowStreamLocalForwarding).", cause });
  }
}

/** The host's sshd runs no more commands on this connection, and did not for seconds. */
export class SessionRefusedError extends SageError {
  constructor(where: string, cause: unknown) {
    super(`${where} starts no more commands on this connection`, { code: "SAGE_SSH_SESSIONS", fault: "cluster", retryable: true, hint: "Raise MaxSessions in its sshd_config (Sage uses up to 5), or see whether the host hangs.", cause });
  }
}

/** `~/.ssh/config` cannot be understood, or asks for what Sage does not do. */
export class SshConfigError extends SageError {
  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { code: "SAGE_SSH_CONFIG", fault: "user", hint, cause });
  }
}

/** Ray could not be installed on a host. */
export class InstallFailedError extends SageError {
  constructor(where: string, version: string, cause: CommandFailedError) {
    const said = hideUrlPasswords(cause.stderr).trim().split("\n").filter((line) => line.trim() !== "").slice(-2).join(" | ").slice(-400);
    super(`pip could not install ray==${version} on ${where}: ${said}`, {
      code: "SAGE_INSTALL_FAILED", fault: "cluster", cause,
      hint: `If the host reaches the package index only through a proxy, set remote.proxy; for an index of your own, write ~/.config/pip/pip.conf there. Or install ray==${version} there by hand, and name it: remote.ray_command.`,
    });
  }
}
