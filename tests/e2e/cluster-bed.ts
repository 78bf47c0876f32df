// Hosts with the guides' names, a project to ship, and `sage` as an operator types it.

import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newestRay, rayVenv } from "../../packages/ray-control/src/testing/ray-venv.ts";
import { startTestbed, type Testbed } from "../testbed/start-testbed.ts";
import { root, type Ran } from "./sage.ts";

/** The guides' names of the testbed's hosts 1 to 4. */
export const names = ["base-sage", "sage2", "sage4", "sage5"] as const;
const sageBin = join(root, "packages/cli/bin/sage.mjs");

export interface Bed extends AsyncDisposable {
  readonly hosts: Testbed;
  readonly project: string;
  readonly configPath: string;
  readonly nokubePath: string;
  readonly env: NodeJS.ProcessEnv;
  /** Python with Ray, as every host sees it. */
  readonly python: string;
}

/** @param net - a range for each prefix. @param share - folders of this machine that the hosts see as well. */
export async function openBed(prefix = process.env["TESTBED_PREFIX"] ?? "clus-", net = process.env["TESTBED_NET"] ?? "10.231.60.0/24", share: readonly string[] = []): Promise<Bed> {
  const venv = await realpath(await rayVenv(newestRay));
  const base = execFileSync(join(venv, "bin/python"), ["-c", "import sys; print(sys.base_prefix)"], { encoding: "utf8" }).trim();
  const hosts = await startTestbed({ hosts: names.length, prefix, net, share: [venv, ...share, ...(base.startsWith("/usr") ? [] : [base])] });
  const home = await mkdtemp(join(tmpdir(), "sage-bed-"));
  const dispose = async () => {
    await hosts[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  };
  try {
    const project = join(home, "project");
    await mkdir(project);
    await writeFile(join(project, "pipeline.ts"), "export const answer = 42;\n");
    const sshConfig = join(home, "ssh_config");
    await writeFile(sshConfig, names.map((name, i) => `Host ${name}${i === names.length - 1 ? " new-worker" : ""}\n  HostName ${hosts.host(i + 1).ip}\n`).join(""));
    const configPath = join(home, "config.yaml");
    const { keyLogin, passwordLogin, knownHosts } = hosts.facts;
    await writeFile(configPath, sageConfig({ venv, key: keyLogin.privateKey, user: keyLogin.user, knownHosts, sshConfig }), { mode: 0o600 });
    const nokubePath = join(home, "ray-config.yaml");
    await writeFile(nokubePath, nokubeConfig(names.slice(0, 2), passwordLogin), { mode: 0o600 });
    const env = { ...process.env, NO_COLOR: "1", SAGE_HOME: home, SAGE_CONFIG: configPath, SAGE_SSH_KNOWN_HOSTS: knownHosts, SAGE_SSH_CONFIG_FILE: sshConfig, SAGE_REMOTE_RAY_COMMAND: join(venv, "bin/ray") };
    return { hosts, project, configPath, nokubePath, env, python: join(venv, "bin/python"), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Types a command line. */
export function sage(bed: Bed, line: string, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { cwd: bed.project, env: { ...bed.env, ...env }, maxBuffer: 1 << 26, timeout: 170_000 };
    execFile(process.execPath, [sageBin, ...line.split(" ").slice(1)], options, (error, stdout, stderr) => {
      resolve({ code: error ? (typeof error.code === "number" ? error.code : 1) : 0, stdout, stderr });
    });
  });
}

/** The same, as data; fails with what was said if it is none. */
export async function sageJson<T>(bed: Bed, line: string): Promise<T> {
  const ran = await sage(bed, `${line} --json`);
  try {
    return JSON.parse(ran.stdout) as T;
  } catch {
    throw new Error(`${line} ended with ${ran.code}: ${ran.stderr}`);
  }
}

export function spawnSage(bed: Bed, line: string, stdout: "ignore" | "pipe" = "ignore"): ChildProcess {
  return spawn(process.execPath, [sageBin, ...line.split(" ").slice(1)], { cwd: bed.project, env: bed.env, stdio: ["ignore", stdout, "pipe"] });
}

/** With what it said, if it ended otherwise. */
export function requireCode(ran: Ran, code: number): void {
  if (ran.code !== code) throw new Error(`ended with ${ran.code}, not ${code}:\n${ran.stdout}\n${ran.stderr}`);
}

/** Resolves once a running command has written `text` to stderr. */
export function says(stderr: NodeJS.ReadableStream, text: string): Promise<void> {
  let heard = "";
  return new Promise((resolve, reject) => {
    stderr.setEncoding("utf8").on("data", (chunk: string) => {
      heard += chunk;
      if (heard.includes(text)) resolve();
    }).once("end", () => reject(new Error(`it ended without saying ${text}: ${heard}`)));
  });
}

/** What of Sage's and Ray's is on a host: processes, listening ports, files in temporary folders. */
export async function leftOn(bed: Bed, n: number): Promise<string> {
  return bed.hosts.exec(n, `
for dir in /proc/[0-9]*; do tr '\\0' ' ' <"$dir/cmdline" 2>/dev/null | grep -E '^[^ ]*(python|raylet|gcs_server|node)' || :; done
ss -Hltn | awk '$4 !~ /:22$/ { print "port " $4 }'
find /tmp /dev/shm /var/tmp -mindepth 1 -maxdepth 1 \\( -name '*ray*' -o -name 'pymp*' -o -name 'plasma*' \\)
`);
}

/** Ray's token, as it lies on host `n` for the user that Sage logs in as. */
export const tokenOf = async (bed: Bed, n: number): Promise<string> => (await bed.hosts.exec(n, "cat /home/sage/ray-token")).trim();

/** An actor of somebody's program on the node called `name`, until the file /tmp/let-go is there on the head. */
export async function holdActor(bed: Bed, name: string): Promise<{ readonly ended: Promise<string> }> {
  await bed.hosts.exec(1, `cat >/tmp/hold.py <<'END'
import os, sys, time, ray
ray.init(address="${bed.hosts.host(1).ip}:6379", log_to_driver=False)
@ray.remote(num_cpus=1)
class Keeper:
    def where(self): return os.uname().nodename
@ray.remote(num_cpus=1)
def work(): time.sleep(0.2); return os.uname().nodename
node = next(node for node in ray.nodes() if node["NodeName"] == sys.argv[1] and node["Alive"])
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy as On
keeper = Keeper.options(scheduling_strategy=On(node["NodeID"], False), name="keeper").remote()
held = ray.get(keeper.where.remote())
open("/tmp/held", "w").close()
while not os.path.exists("/tmp/asked"): time.sleep(0.1)
later = set(ray.get([work.remote() for _ in range(6)]))
assert ray.get(keeper.where.remote()) == held
print("new work there" if held in later else "no new work there", flush=True)
open("/tmp/worked", "w").close()
while not os.path.exists("/tmp/let-go"): time.sleep(0.1)
END
rm -f /tmp/held /tmp/asked /tmp/worked /tmp/let-go; chmod 777 /tmp`);
  const ended = bed.hosts.exec(1, `su sage -c "RAY_AUTH_MODE=token RAY_AUTH_TOKEN_PATH=/home/sage/ray-token ${bed.python} /tmp/hold.py ${name}" 2>&1`);
  await Promise.race([ended.then((said) => { throw new Error(`it ended too early: ${said}`); }), bed.hosts.exec(1, "until [ -e /tmp/held ]; do sleep 0.1; done")]);
  return { ended };
}

export const contentOf = (path: string): Promise<string> => readFile(path, "utf8");

function sageConfig({ venv, key, user, knownHosts, sshConfig }: { venv: string; key: string; user: string; knownHosts: string; sshConfig: string }): string {
  return `# Head节点配置
head:
  host: "base-sage"              # Head节点主机名
  head_port: 6379                # Ray集群端口
  dashboard_port: 8265           # Dashboard端口
  dashboard_host: "0.0.0.0"      # Dashboard绑定地址
  temp_dir: "/tmp/ray_head"      # 临时目录
  log_dir: "/tmp/sage_head_logs" # 日志目录
  resources: { cpus: 1, object_store_memory: 100000000 }
worker:
  bind_host: "localhost"          # Worker绑定主机
  temp_dir: "/tmp/ray_worker"     # 临时目录
  log_dir: "/tmp/sage_worker_logs" # 日志目录
  resources: { cpus: 2, object_store_memory: 100000000 }
workers_ssh_hosts: "sage2:22,sage4:22"
ssh:
  user: "${user}"
  key_path: "${key}"
  connect_timeout: 5
  keepalive_interval: 2
  known_hosts: "${knownHosts}"
  config_file: "${sshConfig}"
remote:
  sage_home: "/home/${user}"
  python_path: "${venv}/bin/python"
  ray_command: "${venv}/bin/ray"
`;
}

function nokubeConfig(hosts: readonly string[], { user, password }: { user: string; password: string }): string {
  const node = (name: string, i: number) => `  - ssh_url: "${name}:22"
    name: "${i === 0 ? "ray-head-prod" : `ray-worker-${i}`}"
    role: "${i === 0 ? "head" : "worker"}"
    ray_config:
${i === 0 ? "      port: 10001\n      dashboard_port: 8265\n" : ""}      num_cpus: ${i + 1}
      object_store_memory: 100000000
    storage:
      type: "local"
      path: "/tmp/nk/${i}"
    users:
      - userid: "nobody-${i}"
        password: "wrong"
      - userid: "${user}"
        password: "${password}"
`;
  return `ray_spec:\n  dashboard_port: 8265\n  max_workers: 10\nnodes:\n${hosts.map(node).join("")}`;
}
