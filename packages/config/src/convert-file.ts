// `sage config convert`: reads a NoKube file and gives Sage's form of it.
import { convertNokube, type Converted } from "./convert.ts";
import { ConfigError } from "./errors.ts";
import { isNokube } from "./load.ts";
import { configPlace } from "./places.ts";
import { readConfigFile } from "./read-file.ts";

export type { Converted } from "./convert.ts";

/** @throws {@link ConfigError} if the file is missing, wrong, or not NoKube's. */
export async function convertConfig(options: { readonly path: string; readonly env: NodeJS.ProcessEnv }): Promise<Converted> {
  const file = await readConfigFile({ ...configPlace(options.env, options.path), named: true });
  if (file && isNokube(file)) return convertNokube(file, options.env);
  throw new ConfigError([{ path: file?.path ?? options.path, key: "", message: "is not a NoKube file: it has neither nodes nor ray_spec", hint: "name a ray-config.yaml" }]);
}
