// Hosts with real sshd for the cases that need some, and the built command line as a user of them types it.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { HostOpener, type HostSpec } from "../../packages/ssh-deploy/src/index.ts";
import { startTestbed, testbedRefusal, type Testbed } from "../../tests/testbed/start-testbed.ts";
import type { CaseResult } from "./results.ts";

export const run = promisify(execFile);
export const sageBin = fileURLToPath(new URL("../../packages/cli/bin/sage.mjs", import.meta.url));

export interface Hosts {
  readonly bed: Testbed;
  readonly specs: readonly HostSpec[];
  opener(): HostOpener;
  /** Writes a configuration: what it says beside how the hosts are reached. @returns its path */
  configure(text: string): Promise<string>;
}

/** Where no testbed can be, there is nothing to measure: no rows. @param share - folders that the hosts see as well. */
export async function onTestbed(count: number, measure: (hosts: Hosts) => Promise<CaseResult[]>, share: readonly string[] = []): Promise<CaseResult[]> {
  const refusal = testbedRefusal();
  if (refusal !== undefined) {
    console.log(`skipped: ${refusal}`);
    return [];
  }
  await using bed = await startTestbed({ hosts: count, prefix: "bssh-", net: "10.231.51.0/24", share });
  const { keyLogin: { user, privateKey }, knownHosts } = bed.facts;
  const folder = await mkdtemp(join(tmpdir(), "sage-bench-hosts-"));
  try {
    return await measure({
      bed,
      specs: bed.hosts.map(({ name }) => ({ name, host: name, logins: [{ user, key: { from: "path", path: privateKey } }] })),
      opener: () => new HostOpener({ knownHostsPath: knownHosts, configPath: "/nonexistent", agentSocket: "" }),
      async configure(text) {
        const path = join(folder, "config.yaml");
        await writeFile(path, `${text}\nssh: { user: "${user}", key_path: "${privateKey}", known_hosts: "${knownHosts}", config_file: /dev/null }\n`, { mode: 0o600 });
        return path;
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const isInstalled = (tool: string) => run("sh", ["-c", `command -v ${tool}`]).then(() => true, () => false);

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
