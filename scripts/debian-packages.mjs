// Installs the Debian packages that tests on real hosts and in a real browser need, where that is possible: as root, on a
// machine with apt. Elsewhere it says what is missing, in one line; the tests that need it then count as skipped.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const list = join(dirname(dirname(fileURLToPath(import.meta.url))), "tests/debian-packages.txt");

const isInstalled = (name) => {
  try {
    return execFileSync("dpkg-query", ["-W", "-f", "${Status}", name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).endsWith(" installed");
  } catch {
    return false;
  }
};

/** @returns what is missing and why, or an empty string when everything is there. */
export function installDebianPackages() {
  const wanted = existsSync(list) ? readFileSync(list, "utf8").split("\n").map((line) => line.replace(/#.*/, "").trim()).filter(Boolean) : [];
  const missing = wanted.filter((name) => !isInstalled(name));
  if (missing.length === 0) return "";
  const cannot = !existsSync("/usr/bin/apt-get") ? "this is no Debian" : process.getuid?.() !== 0 ? "only root can install them" : undefined;
  if (cannot) return `${missing.join(", ")}: ${cannot}`;
  const apt = (...args) => execFileSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, timeout: 600_000 });
  try {
    // No service of a package starts: the machine's own stay as they are.
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=120", ...missing);
    return "";
  } catch (error) {
    return `${missing.join(", ")}: ${error.message}`;
  }
}
