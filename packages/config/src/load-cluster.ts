// Loads the cluster that commands work on, from a file of either dialect.
import type { Cluster } from "./cluster.ts";
import { clusterFromNokube } from "./cluster-from-nokube.ts";
import { clusterFromSage } from "./cluster-from-sage.ts";
import type { ConfigFinding } from "./errors.ts";
import { isNokube, resolveConfig, type LoadedConfig, type LoadOptions } from "./load.ts";
import { resolveNokube } from "./load-nokube.ts";
import { configPlace } from "./places.ts";
import { readConfigFile, type ConfigFile } from "./read-file.ts";

export interface LoadedCluster {
  readonly cluster: Cluster;
  readonly warnings: readonly ConfigFinding[];
  /** Sage's configuration behind it; of a NoKube file: defaults, environment and flags alone. */
  readonly config: LoadedConfig;
}

/**
 * The dialect is seen by the file's own keys (`nodes` or `ray_spec` is NoKube's).
 *
 * @throws {@link ConfigError} with every finding; also when no head is named.
 */
export async function loadCluster(options: LoadOptions): Promise<LoadedCluster> {
  return resolveCluster(await readConfigFile(configPlace(options.env, options.path)), options);
}

/** The same for a file that has been read, or none. */
export function resolveCluster(file: ConfigFile | undefined, options: LoadOptions): LoadedCluster {
  if (!file || !isNokube(file)) {
    const config = resolveConfig(file, options);
    return { cluster: clusterFromSage(config, options.env), warnings: config.warnings, config };
  }
  const loaded = resolveNokube(file, options.env);
  const config = resolveConfig(undefined, options);
  return { cluster: clusterFromNokube(loaded, config.value, file.dir, options.env), warnings: [...loaded.warnings, ...config.warnings], config };
}
