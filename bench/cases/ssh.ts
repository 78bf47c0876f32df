// How fast many hosts are reached and files shipped, beside the tools that people use for it, on a testbed of real sshds.
// All hosts share this machine's processors: the figures compare, they do not predict. `status` is the built command line
// in a process of its own; shipping runs inside of this process, without the start of Node in its figures (0.1 s).

import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { text as textOf } from "node:stream/consumers";
import { cmd } from "../../packages/core/src/index.ts";
import { Fleet, nodeRuntime, readTree, shipRuntime, shipTree, switchRelease, type NodeRuntime } from "../../packages/ssh-deploy/src/index.ts";
import { isInstalled, onTestbed, run, sageBin, secondsOf } from "./on-testbed.ts";
import { median, medianRatio, type CaseResult } from "./results.ts";

/** `sage cluster status` and `sage worker status` on 100 hosts, as typed, beside what logs in to all of them and runs `true`; then `--watch`. */
export async function sshFanOutCase(): Promise<CaseResult[]> {
  return onTestbed(100, async ({ bed, specs, configure }) => {
    const config = await configure(`head: { host: "${specs[0]!.host}" }\nworkers_ssh_hosts: "${specs.slice(1).map(({ host }) => host).join(",")}"`);
    const sage = (part: string, ...more: string[]) => spawn(process.execPath, [sageBin, part, "status", "--config", config, "--json", ...more], { stdio: ["ignore", "pipe", "inherit"] });
    const once = async (part: string) => {
      const child = sage(part);
      const [text] = await Promise.all([textOf(child.stdout), ended(child)]);
      everyHostAnswered(text, part === "worker" ? 99 : 100);
    };
    const ssh = `ssh -F ${bed.facts.sshConfig}`;
    const peers: Record<string, string> = {
      "xargs -P 16 ssh": `printf '%s\\n' $HOSTS | xargs -P 16 -I{} ${ssh} {} true`,
      "xargs -P 64 ssh": `printf '%s\\n' $HOSTS | xargs -P 64 -I{} ${ssh} {} true`,
      "parallel -j 64 ssh": `printf '%s\\n' $HOSTS | parallel --will-cite -j 64 ${ssh} {} true`,
      "pdsh -f 64": `PDSH_SSH_ARGS_APPEND='-F ${bed.facts.sshConfig}' pdsh -R ssh -f 64 -w "$(echo $HOSTS | tr ' ' ',')" true`,
    };
    const env = { ...process.env, HOSTS: specs.map(({ name }) => name).join(" ") };
    await once("cluster");
    const seconds = new Map<string, number[]>();
    const measure = async (what: string, work: () => Promise<unknown>) => void seconds.set(what, [...(seconds.get(what) ?? []), await secondsOf(work)]);
    for (let round = 0; round < 3; round++) {
      await measure("cluster", () => once("cluster"));
      await measure("worker", () => once("worker"));
      for (const [peer, line] of Object.entries(peers)) if (await isInstalled(peer.split(" ")[0]!)) await measure(peer, () => run("sh", ["-c", line], { env }));
    }
    const of = (what: string) => seconds.get(what) ?? [];
    const there = Object.keys(peers).filter((peer) => seconds.has(peer));
    const best = of("cluster").map((_, round) => Math.min(...there.map((peer) => of(peer)[round]!)));
    const row = (name: string, what: string, peer: string, theirs: readonly number[]): CaseResult => ({ case: name, value: median(of(what)), unit: "s", peer, peerValue: median(theirs), ratio: medianRatio(theirs, of(what)) });
    const kept = await watched(sage("cluster", "--watch", "--interval", "1s"));
    return [
      ...there.map((peer) => row("ssh: status of 100 hosts", "cluster", peer, of(peer))),
      row("ssh: status of 100 hosts", "cluster", "best of them", best),
      row("ssh: status of 99 workers", "worker", "best of them", best),
      { case: "ssh: status of 100 hosts, connections kept", value: kept.seconds, unit: "s", peer: "0.4 s", peerValue: 0.4 },
      { case: "ssh: memory with 100 connections", value: kept.megabytes, unit: "MB", peer: "120 MB", peerValue: 120 },
    ];
  });
}
sshFanOutCase.cores = 2;

/** Looks 10 times, a second apart: the median look over kept connections, and the most memory that the process ever had. */
async function watched(child: ChildProcess): Promise<{ readonly seconds: number; readonly megabytes: number }> {
  const exit = ended(child);
  const atMs: number[] = [];
  let peakKib = 0;
  for await (const line of createInterface({ input: child.stdout! })) {
    atMs.push(performance.now());
    everyHostAnswered(line, 100);
    peakKib = Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, "utf8"))?.[1]);
    if (atMs.length > 10) child.kill("SIGINT");
  }
  await exit;
  return { seconds: median(atMs.slice(1).map((ms, at) => (ms - atMs[at]! - 1_000) / 1_000)), megabytes: (peakKib * 1024) / 1e6 };
}

function everyHostAnswered(json: string, count: number): void {
  const { hosts } = JSON.parse(json) as { hosts: readonly { readonly host: string; readonly ssh: string; readonly why?: string }[] };
  const failed = hosts.filter(({ ssh }) => ssh !== "ok");
  if (hosts.length !== count || failed.length > 0) throw new Error(`${failed.length} of ${hosts.length} hosts failed: ${failed[0]?.why}`);
}

const ended = (child: ChildProcess) => new Promise<void>((resolve) => child.once("close", () => resolve()));

/** 2,000 files of 4 KiB to one host, each time with the connection, reading the tree, and the switch to the release. */
export async function sshShippingCase(): Promise<CaseResult[]> {
  if (!(await isInstalled("rsync"))) return [];
  const dir = await mkdtemp(join(tmpdir(), "sage-bench-ssh-"));
  try {
    for (let i = 0; i < 2_000; i++) {
      if (i < 40) await mkdir(join(dir, `pkg${i}`));
      await writeFile(join(dir, `pkg${i % 40}`, `module${i}.py`), Buffer.alloc(4096, `module ${i}\n`));
    }
    return await onTestbed(2, async ({ bed, specs, opener }) => {
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
        rows.push({ case: `ssh: ship 2,000 files${where}`, value: median(first.ours), unit: "s", peer: "rsync", peerValue: median(first.theirs), ratio: medianRatio(first.theirs, first.ours) });
        rows.push({ case: `ssh: ship them unchanged${where}`, value: median(again.ours), unit: "s", peer: "rsync", peerValue: median(again.theirs), ratio: medianRatio(again.theirs, again.ours) });
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
  return onTestbed(3, async ({ bed, specs, opener }) => {
    const runtime: NodeRuntime = nodeRuntime();
    await using hosts = opener();
    await using fleet = new Fleet(specs, (spec, signal) => hosts.open(spec, signal));
    await fleet.each((host) => host.run(cmd(["true"])));
    const times = { ours: [] as number[], theirs: [] as number[] };
    for (let round = 0; round < 5; round++) {
      times.ours.push(await secondsOf(async () => {
        const report = await fleet.each((host, { signal }) => shipRuntime(host, `~/runtime${round}`, runtime, { signal }));
        if (report.done.some(({ value }) => value.sentBytes !== runtime.bytes) || report.failed.length > 0) throw new Error(report.failed[0]?.cause ?? "not all of it was sent");
      }));
      await fleet.each((host) => host.run(cmd(["rm", "-rf", `runtime${round}`])));
      times.theirs.push(await secondsOf(() => Promise.all(specs.map(({ name }) => run("scp", ["-q", "-F", bed.facts.sshConfig, runtime.path, `${name}:node`])))));
    }
    const ours = median(times.ours);
    return [
      { case: "ssh: a Node binary to 3 hosts", value: ours, unit: "s", peer: "scp, 3 at once, unchecked", peerValue: median(times.theirs), ratio: medianRatio(times.theirs, times.ours) },
      { case: "ssh: a Node binary to 3 hosts", value: ours, unit: "s", peer: "1.5 s", peerValue: 1.5 },
    ];
  });
}
sshRuntimeCase.cores = 2;
