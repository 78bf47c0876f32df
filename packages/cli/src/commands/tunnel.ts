import { streamingCommand } from "../command.ts";
import { clusterOptions, loadClusterFor, openSession } from "../cluster/with-cluster.ts";

export const tunnel = streamingCommand({
  path: "tunnel",
  summary: "Open ports here that lead to the head's dashboard, client server and JobManager, until Ctrl-C",
  options: clusterOptions,
  async *stream(context) {
    const { openDoors } = await import("@sage/cluster");
    await using session = await openSession(await loadClusterFor(context), { ...context, isShort: true });
    await using open = await openDoors(session, (error) => context.io.error(error instanceof Error ? error.message : String(error)));
    yield* open.doors;
    if (!context.forPrograms) context.io.note("Ctrl-C closes them");
    await new Promise<void>((resolve) => context.signal.addEventListener("abort", () => resolve(), { once: true }));
  },
  print: ({ what, address, leadsTo }, io) => io.line(`${what.padEnd(22)}  ${/dashboard/.test(what) ? "http://" : ""}${address}  → ${leadsTo}`),
});
