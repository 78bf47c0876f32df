import { command } from "../command.ts";
import { clusterOptions, withCluster } from "../cluster/with-cluster.ts";

export const ssh = command({
  path: "ssh",
  summary: "Open a shell on a host of the cluster, or run a command there",
  args: ["host", "command..."],
  argHelp: { host: "its name in the configuration", command: "what to run; default: a shell" },
  options: clusterOptions,
  examples: ["sage ssh sage2", "sage ssh sage2 -- df -h"],
  run: async (context) => withCluster({ ...context, isShort: true }, async (session) => {
    const { runSsh, sshWords } = await import("../cluster/ssh-shell.ts");
    const target = session.find(context.args.host);
    return { exitCode: await runSsh(sshWords(session.cluster, target, context.args.command), context.env) };
  }),
  print: () => {},
  exitCode: ({ exitCode }) => (exitCode === 0 ? 0 : exitCode === 255 ? 4 : 1),
});
