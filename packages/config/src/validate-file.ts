// Judges a whole file of either dialect: at the top and with each named cluster.
import { problemsOf } from "./edit.ts";
import { ConfigError, formatFinding, type ConfigFinding } from "./errors.ts";
import type { Dialect } from "./json-schema.ts";
import { isNokube, namesOf, resolveConfig, type LoadOptions } from "./load.ts";
import { resolveCluster } from "./load-cluster.ts";
import { configPlace } from "./places.ts";
import { readConfigFile } from "./read-file.ts";

export interface ValidatedConfig {
  /** Undefined if there is no file, which is fine. */
  readonly path?: string;
  readonly dialect?: Dialect;
  /** Whether a cluster is described: a head is named. */
  readonly hasCluster: boolean;
  readonly warnings: readonly ConfigFinding[];
}

/** @throws {@link ConfigError} with every finding: of the keys at the top, and of each named cluster. */
export async function validateConfig(options: Pick<LoadOptions, "path" | "env">): Promise<ValidatedConfig> {
  const file = await readConfigFile(configPlace(options.env, options.path));
  if (!file) return { hasCluster: false, warnings: [] };
  const problems = problemsOf(file, options.env);
  if (problems.length > 0) throw new ConfigError(problems);
  if (isNokube(file)) {
    return { path: file.path, dialect: "nokube", hasCluster: true, warnings: resolveCluster(file, options).warnings };
  }
  const views = [resolveConfig(file, options), ...namesOf(file).map((cluster) => resolveConfig(file, { ...options, cluster }))];
  const warnings = new Map(views.flatMap((view) => view.warnings).map((warning) => [formatFinding(warning), warning]));
  return { path: file.path, dialect: "sage", hasCluster: views.some((view) => view.value.head.host !== undefined), warnings: [...warnings.values()] };
}
