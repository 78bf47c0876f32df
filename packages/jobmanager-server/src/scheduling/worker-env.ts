// Which environment variables a worker gets: few of the daemon's, and the job's own but for those that would change
// what program runs.

const inherited: ReadonlySet<string> = new Set([
  "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS",
  "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "CUDA_VISIBLE_DEVICES",
]);

const refused = /^(PATH|HOME|SHELL|BASH_ENV|ENV|IFS|TMPDIR|LD_.*|DYLD_.*|NODE_.*|SAGE_.*|UV_.*|GCONV_PATH|OPENSSL_.*|SSLKEYLOGFILE|__proto__)$/;
const allowed: ReadonlySet<string> = new Set(["NODE_ENV", "NODE_DEBUG"]);
const wellFormed = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The names that a job may not set. */
export function refusedEnvNames(jobEnv: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(jobEnv)
    .filter(([name, value]) => !wellFormed.test(name) || (refused.test(name) && !allowed.has(name)) || value.includes("\0"))
    .map(([name]) => name);
}

/** @param jobEnv - checked with {@link refusedEnvNames}; refused names are left out here too. */
export function workerEnv(daemonEnv: NodeJS.ProcessEnv, jobEnv: Readonly<Record<string, string>>): Record<string, string> {
  const bad = new Set(refusedEnvNames(jobEnv));
  const mine = Object.entries(daemonEnv).filter(([name]) => inherited.has(name) || name.startsWith("LC_"));
  const theirs = Object.entries(jobEnv).filter(([name]) => !bad.has(name));
  return Object.fromEntries([...mine, ...theirs].flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** The longest environment that goes in a worker's first line, in characters. */
const longestLateEnv = 32 * 1024;

/** Whether a process cannot take these variables over once it runs: Node has looked at one by then, or they are too many. */
export function mustBeThereAtStart(jobEnv: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(jobEnv);
  return entries.some(([name]) => name === "NODE_DEBUG") || entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0) > longestLateEnv;
}
