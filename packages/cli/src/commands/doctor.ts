import { exitCodes } from "../exit-code.ts";
import { command } from "../command.ts";
import { counted } from "../durations.ts";
import { paint } from "../io.ts";
import { clusterOptions, withCluster } from "../cluster/with-cluster.ts";

const styles = { ok: "green", warning: "yellow", failed: "red" } as const;

export const doctor = command({
  path: "doctor",
  summary: "Look for what is wrong with the cluster: SSH, keys, Ray, ports, folders, disks, clocks, network, daemon",
  reads: true,
  options: clusterOptions,
  details: "Exit code: 0 when nothing has failed, 5 when something has.",
  run: async (context) => withCluster({ ...context, isShort: true }, async (session) => {
    const { diagnose } = await import("@sage/cluster");
    return diagnose(session);
  }),
  print({ findings }, io) {
    const width = Math.max(...findings.map(({ host }) => host.length));
    for (const { host, check, state, what, fix } of findings) {
      io.line(paint(styles[state], state.padEnd(7)), `  ${host.padEnd(width)}  ${check.padEnd(9)}  ${what}`);
      if (fix !== undefined) io.line(`${" ".repeat(width + 20)}  `, paint("cyan", "next: "), fix);
    }
    const failed = findings.filter(({ state }) => state === "failed").length;
    const warnings = findings.filter(({ state }) => state === "warning").length;
    io.note(`${failed} failed, ${counted(warnings, "warning")}, ${findings.length - failed - warnings} ok`);
  },
  exitCode: ({ findings }) => (findings.some(({ state }) => state === "failed") ? exitCodes.partial : exitCodes.ok),
});
