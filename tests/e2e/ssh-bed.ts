// Hosts with sshd where no Ray is started, a project to ship, and `sage` as an operator types it. For hosts.test.ts.

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newestRay, rayVenv } from "../../packages/ray-control/src/testing/ray-venv.ts";
import { startTestbed } from "../testbed/start-testbed.ts";
import type { Bed } from "./cluster-bed.ts";

export interface SshBed extends Bed {
  /** Writes another configuration, with what says how hosts are reached behind `text`. @param rayCommand - empty: Ray has to be found, or installed. @returns its path */
  configure(name: string, text: string, rayCommand?: string): Promise<string>;
}

/** The head is host 1. Ray's venv is there on every host; deploy has nothing to install. */
export async function openSshBed(count: number): Promise<SshBed> {
  const venv = await realpath(await rayVenv(newestRay));
  const base = execFileSync(join(venv, "bin/python"), ["-c", "import sys; print(sys.base_prefix)"], { encoding: "utf8" }).trim();
  const hosts = await startTestbed({ hosts: count, prefix: "fault-", net: "10.231.62.0/24", share: [venv, ...(base.startsWith("/usr") ? [] : [base])] });
  const home = await mkdtemp(join(tmpdir(), "sage-ssh-bed-"));
  const project = join(home, "project");
  await mkdir(project);
  await writeFile(join(project, "pipeline.ts"), "export const answer = 42;\n");
  const { keyLogin, knownHosts } = hosts.facts;
  const reached = (rayCommand: string) => `
ssh: { user: "${keyLogin.user}", key_path: "${keyLogin.privateKey}", connect_timeout: 4, keepalive_interval: 1, known_hosts: "${knownHosts}", config_file: /dev/null }
remote: { sage_home: "/home/${keyLogin.user}/sage"${rayCommand === "" ? "" : `, ray_command: "${rayCommand}"`} }
`;
  const configure = async (name: string, text: string, rayCommand = `${venv}/bin/ray`) => {
    await writeFile(join(home, name), text + reached(rayCommand), { mode: 0o600 });
    return join(home, name);
  };
  const configPath = await configure("config.yaml", `
head: { host: "${hosts.host(1).name}", temp_dir: /tmp/ray_head }
workers_ssh_hosts: "${hosts.hosts.slice(1, 3).map(({ name }) => name).join(",")}"
`);
  return {
    hosts, project, configPath, nokubePath: "", configure, python: join(venv, "bin/python"),
    env: { ...process.env, NO_COLOR: "1", SAGE_HOME: home, SAGE_CONFIG: configPath },
    async [Symbol.asyncDispose]() {
      await hosts[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The text of every file below a folder of this machine. */
export async function textsBelow(dir: string): Promise<string> {
  const files = execFileSync("find", [dir, "-type", "f", "-size", "-4M"], { encoding: "utf8" }).split("\n").filter(Boolean);
  return (await Promise.all(files.map((file) => readFile(file, "latin1").catch(() => "")))).join("\n");
}
