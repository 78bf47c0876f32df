// How fast many hosts are reached and files shipped, beside the tools that people use for it, on a testbed of real sshds.
// All hosts share this machine's processors: the figures compare, they do not predict. Sage runs inside of this process;
// its start is not in its figures (about 0.1 s), that of the peers is (about 0.01 s each).

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { clusterStatus, ClusterSession } from "../../packages/cluster/src/index.ts";
import { loadCluster } from "../../packages/config/src/index.ts";
import { cmd } from "../../packages/core/src/index.ts";
import { Fleet, HostOpener, nodeRuntime, readTree, shipRuntime, shipTree, switchRelease, type HostSpec, type NodeRuntime } from "../../packages/ssh-deploy/src/index.ts";
import { startTestbed, testbedRefusal, type Testbed } from "../../tests/testbed/start-testbed.ts";
import { median, type CaseResult } from "./results.ts";

const run = promisify(execFile);

/** Where no testbed can be, there is nothing to measure: no rows. */
async function onTestbed(hosts: number, measure: (bed: Testbed, opener: () => HostOpener, specs: readonly HostSpec[]) => Promise<CaseResult[]>): Promise<CaseResult[]> {
  const refusal = testbedRefusal();
  if (refusal !== undefined) {
    console.log(`skipped: ${refusal}`);
    return [];
  }
  await using bed = await startTestbed({ hosts, prefix: "bssh-", net: "10.231.51.0/24" });
  const specs = bed.hosts.map(({ name }) => ({ name, host: name, logins: [{ user: "sage", key: { from: "path", path: bed.facts.keyLogin.privateKey } as const }] }));
  const opener = () => new HostOpener({ knownHostsPath: bed.facts.knownHosts, configPath: "/nonexistent", agentSocket: "" });
  return await measure(bed, opener, specs);
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function medianOf(rounds: number, work: (round: number) => Promise<unknown>): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) seconds.push(await secondsOf(() => work(round)));
  return median(seconds);
}

const isInstalled = (tool: string) => run("sh", ["-c", `command -v ${tool}`]).then(() => true, () => false);

/** `cluster status` on 100 hosts: connect, ask, close; then again where connections are kept, as `--watch` does. */
export async function sshFanOutCase(): Promise<CaseResult[]> {
  return onTestbed(100, async (bed, _opener, specs) => {
    const folder = await mkdtemp(join(tmpdir(), "sage-bench-status-"));
    const path = join(folder, "config.yaml");
    await writeFile(path, `head: { host: "${specs[0]!.host}" }
workers_ssh_hosts: "${specs.slice(1).map(({ host }) => host).join(",")}"
ssh: { user: sage, key_path: "${bed.facts.keyLogin.privateKey}", known_hosts: "${bed.facts.knownHosts}", config_file: /dev/null }
`, { mode: 0o600 });
    const { cluster } = await loadCluster({ path, env: {} });
    await rm(folder, { recursive: true });
    const open = () => new ClusterSession(cluster, { env: {}, signal: new AbortController().signal });
    const look = async (session: ClusterSession, withHead = true) => {
      const { hosts } = await clusterStatus(session, withHead ? session.targets : session.workers, { withDaemon: withHead });
      const failed = hosts.filter(({ ssh }) => ssh === "failed");
      if (failed.length > 0) throw new Error(`${failed.length} hosts failed: ${failed[0]!.why}`);
    };
    const once = async (withHead = true) => {
      await using session = open();
      await look(session, withHead);
    };
    await once();
    const cold = await medianOf(5, () => once());
    const coldWorkers = await medianOf(3, () => once(false));
    await using session = open();
    await look(session);
    const kept = await medianOf(5, () => look(session));
    const memory = process.memoryUsage().rss / 1e6;

    const names = specs.map(({ name }) => name).join("\n");
    const config = bed.facts.sshConfig;
    const peers: Record<string, string> = {
      "xargs -P 64 ssh": `printf '%s\\n' "$HOSTS" | xargs -P 64 -I{} ssh -F ${config} {} true`,
      "parallel -j 64 ssh": `printf '%s\\n' "$HOSTS" | parallel --will-cite -j 64 ssh -F ${config} {} true`,
      "pdsh -f 64": `PDSH_SSH_ARGS_APPEND='-F ${config}' pdsh -R ssh -f 64 -w "$(printf '%s' "$HOSTS" | tr '\\n' ',')" true`,
    };
    const rows: CaseResult[] = [];
    let best = Infinity;
    for (const [peer, line] of Object.entries(peers)) {
      if (!(await isInstalled(peer.split(" ")[0]!))) continue;
      const seconds = await medianOf(2, () => run("sh", ["-c", line], { env: { ...process.env, HOSTS: names } }));
      best = Math.min(best, seconds);
      rows.push({ case: "ssh: status of 100 hosts", value: cold, unit: "s", peer, peerValue: seconds });
    }
    return [
      ...rows,
      { case: "ssh: status of 100 hosts", value: cold, unit: "s", peer: "best of them", peerValue: best },
      { case: "ssh: status of 99 workers", value: coldWorkers, unit: "s", peer: "best of them", peerValue: best },
      { case: "ssh: status of 100 hosts, connections kept", value: kept, unit: "s", peer: "0.4 s", peerValue: 0.4 },
      { case: "ssh: memory with 100 connections", value: memory, unit: "MB", peer: "120 MB", peerValue: 120 },
    ];
  });
}
sshFanOutCase.cores = 2;

/** 2,000 files of 4 KiB to one host, each time with the connection, reading the tree, and the switch to the release. */
export async function sshShippingCase(): Promise<CaseResult[]> {
  if (!(await isInstalled("rsync"))) return [];
  const dir = await mkdtemp(join(tmpdir(), "sage-bench-ssh-"));
  try {
    for (let i = 0; i < 2_000; i++) {
      if (i < 40) await mkdir(join(dir, `pkg${i}`));
      await writeFile(join(dir, `pkg${i % 40}`, `module${i}.py`), Buffer.alloc(4096, `module ${i}\n`));
    }
    return await onTestbed(2, async (bed, opener, specs) => {
      const ship = async (n: number, root: string) => {
        await using hosts = opener();
        const connecting = hosts.open(specs[n]!);
        // As `cluster deploy` has it: the first time nothing is remembered.
        const tree = await readTree(dir, { cachePath: join(`${dir}-hashes`, `${n}${basename(root)}.json`) });
        await using host = await connecting;
        const report = await shipTree(host, root, tree);
        if (!report.isCurrent) await switchRelease(host, root, tree.manifest.id);
        return report;
      };
      const rsync = (n: number, root: string) => run("rsync", ["-a", "-e", `ssh -F ${bed.facts.sshConfig}`, `${dir}/`, `${specs[n]!.name}:${root}/`]);
      await bed.slow(2, 20);
      await ship(0, "~/warm-up");
      const rows: CaseResult[] = [];
      for (const [n, where] of [[0, ""], [1, ", 20 ms away"]] as const) {
        // In turns, so that what else this machine does meets both.
        const first = { ours: [] as number[], theirs: [] as number[] };
        const again = { ours: [] as number[], theirs: [] as number[] };
        for (let round = 0; round < 5; round++) {
          first.ours.push(await secondsOf(async () => {
            if ((await ship(n, `~/ours${round}`)).sentFiles !== 2_000) throw new Error("not all files were sent");
          }));
          first.theirs.push(await secondsOf(() => rsync(n, `theirs${round}`)));
          again.ours.push(await secondsOf(async () => {
            if ((await ship(n, `~/ours${round}`)).sentFiles !== 0) throw new Error("files were sent again");
          }));
          again.theirs.push(await secondsOf(() => rsync(n, `theirs${round}`)));
        }
        rows.push({ case: `ssh: ship 2,000 files${where}`, value: median(first.ours), unit: "s", peer: "rsync", peerValue: median(first.theirs) });
        rows.push({ case: `ssh: ship them unchanged${where}`, value: median(again.ours), unit: "s", peer: "rsync", peerValue: median(again.theirs) });
      }
      return rows;
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
    await rm(`${dir}-hashes`, { recursive: true, force: true });
  }
}
sshShippingCase.cores = 2;

/** The Node binary that runs this to 3 hosts at once, each time into an empty folder. */
export async function sshRuntimeCase(): Promise<CaseResult[]> {
  return onTestbed(3, async (bed, opener, specs) => {
    const runtime: NodeRuntime = nodeRuntime();
    await using hosts = opener();
    await using fleet = new Fleet(specs, (spec, signal) => hosts.open(spec, signal));
    await fleet.each((host) => host.run(cmd(["true"])));
    const ours = await medianOf(3, async (round) => {
      const report = await fleet.each((host, { signal }) => shipRuntime(host, `~/runtime${round}`, runtime, { signal }));
      if (report.done.some(({ value }) => value.sentBytes !== runtime.bytes) || report.failed.length > 0) throw new Error(report.failed[0]?.cause ?? "not all of it was sent");
      await fleet.each((host) => host.run(cmd(["rm", "-rf", `runtime${round}`])));
    });
    const theirs = await medianOf(3, () => Promise.all(specs.map(({ name }) => run("scp", ["-q", "-F", bed.facts.sshConfig, runtime.path, `${name}:node`]))));
    return [
      { case: "ssh: a Node binary to 3 hosts", value: ours, unit: "s", peer: "scp, 3 at once, unchecked", peerValue: theirs },
      { case: "ssh: a Node binary to 3 hosts", value: ours, unit: "s", peer: "1.5 s", peerValue: 1.5 },
    ];
  });
}
sshRuntimeCase.cores = 2;
