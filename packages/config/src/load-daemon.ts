// The daemon's settings through the whole loader; apart, so that the quick way need not bring it in.
import { dirname } from "node:path";
import type { DaemonSettings } from "./cluster.ts";
import { daemonSettingsOf } from "./daemon-settings.ts";
import { isNokube, resolveConfig, type LoadOptions } from "./load.ts";
import { resolveCluster } from "./load-cluster.ts";
import { configPlace, pathFrom } from "./places.ts";
import { readConfigFile } from "./read-file.ts";

export async function loadDaemonSettings(options: LoadOptions): Promise<DaemonSettings> {
  const file = await readConfigFile(configPlace(options.env, options.path));
  if (file && isNokube(file)) return resolveCluster(file, options).cluster.daemon;
  const { value } = resolveConfig(file, options);
  return daemonSettingsOf(value.daemon, value.home, (path) => pathFrom(file === undefined ? process.cwd() : dirname(file.path), path, options.env));
}
