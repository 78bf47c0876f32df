// `sage cluster start` of a head and three workers, beside a shell script that gives the same `ray start` commands to the
// same hosts: the head first, then the workers at once. The commands are those that Sage recorded on the hosts itself, but
// for `--block`, so both start the same Ray. In turns; the hosts are empty before each.

import { execFileSync } from "node:child_process";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { isInstalled as isRayThere, newestRay, venvPath } from "../../packages/ray-control/src/testing/ray-venv.ts";
import type { Testbed } from "../../tests/testbed/start-testbed.ts";
import { onTestbed, run, sageBin, secondsOf } from "./on-testbed.ts";
import { median, medianRatio, type CaseResult } from "./results.ts";

const rounds = 3;

export async function clusterStartCase(): Promise<CaseResult[]> {
  if (!(await isRayThere(newestRay))) throw new Error(`Ray ${newestRay} is missing at ${venvPath(newestRay)}: run the tests of packages/ray-control once, they install it`);
  const venv = await realpath(venvPath(newestRay));
  const base = execFileSync(join(venv, "bin/python"), ["-c", "import sys; print(sys.base_prefix)"], { encoding: "utf8" }).trim();
  return onTestbed(4, async ({ bed, configure }) => {
    const [head, ...workers] = bed.hosts.map(({ name }) => name);
    const config = await configure(`
head: { host: "${head}", temp_dir: /tmp/ray_head, resources: { cpus: 1, object_store_memory: 100000000 } }
worker: { temp_dir: /tmp/ray_worker, resources: { cpus: 1, object_store_memory: 100000000 } }
workers_ssh_hosts: "${workers.join(",")}"
remote: { sage_home: "/home/sage/sage", ray_command: "${venv}/bin/ray" }`);
    const sage = (...words: string[]) => run(process.execPath, [sageBin, "cluster", ...words, "--config", config]);
    await sage("start"); // makes what is kept: folders, the token
    const script = await sameCommands(bed);
    await sage("stop");
    const times = { ours: [] as number[], theirs: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      times.ours.push(await secondsOf(() => sage("start")));
      await countNodes(bed, venv);
      await sage("stop");
      times.theirs.push(await secondsOf(() => run("bash", ["-c", script])));
      await countNodes(bed, venv);
      await Promise.all(bed.hosts.map((_, at) => bed.exec(at + 1, `su sage -c '${venv}/bin/ray stop --force' >/dev/null 2>&1; rm -rf /tmp/ray_head /tmp/ray_worker`)));
    }
    return [{ case: "cluster start: head and 3 workers", value: median(times.ours), unit: "s", peer: "a shell script of ray start", peerValue: median(times.theirs), ratio: medianRatio(times.theirs, times.ours) }];
  }, [venv, ...(base.startsWith("/usr") ? [] : [base])]);
}
clusterStartCase.cores = 2;

async function sameCommands(bed: Testbed): Promise<string> {
  const ssh = (name: string, command: string) => `ssh -F ${bed.facts.sshConfig} ${name} '${command.replaceAll("'", "'\\''")}' >/dev/null 2>&1`;
  const commands = await Promise.all(bed.hosts.map(async ({ name }, at) => {
    const recorded = await bed.exec(at + 1, `tail -n 1 /home/sage/sage/run/ray-${at === 0 ? "head" : "worker"}`);
    if (!recorded.trim().endsWith(" --block")) throw new Error(`this is no recorded start: ${recorded}`);
    return ssh(name, `mkdir -p /tmp/ray_${at === 0 ? "head" : "worker"} && env ${recorded.trim().replace(/ --block$/, "")}`);
  }));
  const [head, ...workers] = commands;
  return `set -e\n${head}\n${workers.map((line) => `${line} & pids="$pids $!"`).join("\n")}\nfor pid in $pids; do wait $pid; done\n`;
}

/** Neither may be faster by starting less. */
async function countNodes(bed: Testbed, venv: string): Promise<void> {
  const program = `import ray; ray.init(address="${bed.host(1).ip}:6379", log_to_driver=False); print(sum(node["Alive"] for node in ray.nodes()))`;
  const alive = await bed.exec(1, `su sage -c "RAY_AUTH_MODE=token RAY_AUTH_TOKEN_PATH=/home/sage/sage/ray-token ${venv}/bin/python -c '${program.replaceAll('"', '\\"')}'" 2>/dev/null`);
  if (alive.trim() !== "4") throw new Error(`${alive.trim()} of 4 nodes are alive`);
}
