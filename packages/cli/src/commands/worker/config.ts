import { command } from "../../command.ts";
import { clusterJson, printHosts } from "../../cluster/show-cluster.ts";
import { clusterOptions, loadClusterFor } from "../../cluster/with-cluster.ts";

export const workerConfig = command({
  path: "worker config",
  summary: "Show the workers with all that is configured for them",
  reads: true,
  options: clusterOptions,
  run: (context) => loadClusterFor(context),
  print: ({ workers }, io) => printHosts(workers, io),
  names: ({ workers }) => workers.map(({ name }) => name),
  toJson: (cluster) => ({ workers: clusterJson(cluster)["workers"] }),
});
