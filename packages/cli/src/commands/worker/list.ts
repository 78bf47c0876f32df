import { command } from "../../command.ts";
import { clusterJson } from "../../cluster/show-cluster.ts";
import { clusterOptions, loadClusterFor } from "../../cluster/with-cluster.ts";

export const workerList = command({
  path: "worker list",
  summary: "List the workers of the configuration",
  reads: true,
  options: clusterOptions,
  run: (context) => loadClusterFor(context),
  print: ({ workers }, io) => { for (const { host, port } of workers) io.line(`${host}:${port}`); },
  names: ({ workers }) => workers.map(({ name }) => name),
  toJson: (cluster) => ({ workers: clusterJson(cluster)["workers"] }),
});
