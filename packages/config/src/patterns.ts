// What hosts, users, paths and sizes may look like: JSON Schema patterns, as text.
//
// Rules:
//   P1. Hosts and users hold no character that a shell, an ssh command line or a URL gives a meaning to, and never
//       start with a dash: `-oProxyCommand=…` is refused here, before anything quotes it.
//   P2. Paths may hold spaces and quotes (they are quoted where they are used), but no
//       control character and no mark that hides or turns text.
//   P3. Every repetition is bounded, so that no input makes a pattern slow.

const label = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?";
const ipv6 = "[0-9A-Fa-f:]{2,39}(?:\\.[0-9]{1,3}){0,3}(?:%[A-Za-z0-9]{1,15})?";
const login = "[A-Za-z0-9_][A-Za-z0-9._-]{0,63}";
const dialled = `(?:${login}@)?(?:${label}|\\[${ipv6}\\])(?::[0-9]{1,5})?`;
// Neither controls nor marks that hide or turn text.
const plainText = "[^\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]";

/** The highest count of CPUs, GPUs or a custom resource that is believed. */
export const cpuCount = 100_000;
/** `sage2`, `10.0.0.2`, `fe80::1`. */
export const hostName = `^(?:${label}|(?=[0-9A-Fa-f]{0,4}:)${ipv6})$`;
export const userName = `^${login}$`;
/** `sage2`, `sage2:22`, `ops@sage2:22`, `[::1]:22`. */
export const hostPort = `^${dialled}$`;
/** The same, separated by commas; empty means none. */
export const hostPortList = `^ {0,8}(?:${dialled} {0,8}(?:, {0,8}${dialled} {0,8})*,? {0,8})?$`;
export const localPath = `^${plainText}{1,4096}$`;
export const oneLine = `^${plainText}{1,1024}$`;
/** On another host: absolute, or below the login user's home. */
export const remotePath = `^(?:/|~/|~$)${plainText}{0,4095}$`;
/** `ray`, `/opt/conda/envs/sage/bin/ray`, `~/venv/bin/ray`. */
export const program = `^(?:[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}|(?:/|~/)${plainText}{1,4095})$`;
export const environmentName = `^(?:[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}|(?:/|~/)${plainText}{1,4095})$`;
/** `20000-20999`. */
export const portRange = "^[0-9]{1,5}-[0-9]{1,5}$";
/** `500MB`, `4GiB`, `1.5 GB`. */
export const memorySize = "^[0-9]{1,15}(?:\\.[0-9]{1,3})? ?(?:[KMGT]i?)?B?$";
