import { command } from "../../command.ts";
import { clusterJson, printCluster } from "../../cluster/show-cluster.ts";
import { clusterOptions, loadClusterFor } from "../../cluster/with-cluster.ts";

export const clusterInfo = command({
  path: "cluster info",
  summary: "Show the cluster as it is configured; no host is asked",
  reads: true,
  options: clusterOptions,
  run: (context) => loadClusterFor(context),
  print: printCluster,
  names: ({ head, workers }) => [head, ...workers].map(({ name }) => name),
  toJson: clusterJson,
});
