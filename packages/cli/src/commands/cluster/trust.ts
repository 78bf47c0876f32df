import { command } from "../../command.ts";
import { UsageError } from "../../errors.ts";
import { clusterOptions, dryRunOption, withCluster } from "../../cluster/with-cluster.ts";

const words = { known: "was known", trusted: "is trusted now", planned: "would be asked about, and written down" } as const;

export const clusterTrust = command({
  path: "cluster trust",
  summary: "Show the keys of hosts that were never seen, and write them to known_hosts once you say yes",
  args: ["hosts..."],
  argHelp: { hosts: "which hosts; default: all" },
  asks: true,
  options: { ...clusterOptions, ...dryRunOption },
  details: "Compare each fingerprint with what `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` prints on the host. A key that has changed is never written.",
  run: async (context) => withCluster({ ...context, isShort: true }, async (session) => {
    const { shownKey, trustKey } = await import("@sage/cluster");
    const names = context.args.hosts;
    const targets = (names.length === 0 ? session.targets : names.map((name) => session.find(name))).filter(({ isLocal }) => !isLocal);
    const trusted: { host: string; fingerprint: string; state: "trusted" | "known" | "planned" }[] = [];
    for (const target of targets) {
      const shown = await shownKey(session, target);
      const { fingerprint, type } = shown.key;
      const kind = shown.verdict.kind;
      if (kind === "trusted") {
        trusted.push({ host: target.name, fingerprint, state: "known" });
        continue;
      }
      if (kind !== "unknown") throw new UsageError(`the key of ${target.name} is ${kind}: it showed ${type} ${fingerprint}`, `If the host was really set up anew: ssh-keygen -R ${shown.port === 22 ? shown.host : `'[${shown.host}]:${shown.port}'`}`);
      if (context.options["dry-run"]) {
        trusted.push({ host: target.name, fingerprint, state: "planned" });
        continue;
      }
      await context.confirm(`${target.name} shows the key ${type} ${fingerprint}. Is it the host's?`);
      await trustKey(session, shown);
      trusted.push({ host: target.name, fingerprint, state: "trusted" });
    }
    return { hosts: trusted };
  }),
  print({ hosts }, io) {
    for (const { host, fingerprint, state } of hosts) io.line(`${host}  ${fingerprint}  ${words[state]}`);
  },
});
