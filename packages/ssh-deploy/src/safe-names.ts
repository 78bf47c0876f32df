// Hosts, users and remote paths as they may be, checked once more where they are used: configuration is not the only door.
//
// Invariants:
//   N1. No host or user starts with a dash or holds a character that a shell, an ssh command line or a URL gives a meaning.
//   N2. A remote path is absolute or below the login user's home (`~/…`), has no `..` and no control character.
import { UnsafeNameError } from "./errors.ts";

const label = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/;
const ipv6 = /^(?=[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:]{2,39}(?:\.[0-9]{1,3}){0,3}(?:%[A-Za-z0-9]{1,15})?$/;
const login = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;

export function checkHostName(host: string): string {
  if (!label.test(host) && !ipv6.test(host)) throw new UnsafeNameError("host", host, "only letters, digits, dots and dashes, not at its ends");
  return host;
}

export function checkUserName(user: string): string {
  if (!login.test(user)) throw new UnsafeNameError("user", user, "only letters, digits, dots, dashes and underscores, and no dash first");
  return user;
}

/** @returns the path, as it was. */
export function checkRemotePath(path: string): string {
  if (!/^(?:\/|~\/|~$)/.test(path)) throw new UnsafeNameError("remote path", path, "it must start with / or ~/");
  if (/[\0-\x1f\x7f-\x9f]/.test(path)) throw new UnsafeNameError("remote path", path, "it holds a control character");
  if (path.split("/").includes("..")) throw new UnsafeNameError("remote path", path, "it holds ..");
  if (Buffer.byteLength(path) > 1024) throw new UnsafeNameError("remote path", path, "it is longer than 1,024 bytes");
  return path;
}
