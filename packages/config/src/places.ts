// Where things lie on this machine: Sage's home, its configuration file, and paths written in it.
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** `SAGE_HOME`, or `~/.sage`. */
export function sageHome(env: NodeJS.ProcessEnv): string {
  return pathFrom(process.cwd(), env["SAGE_HOME"] || "~/.sage", env);
}

export interface ConfigPlace {
  readonly path: string;
  /** Whether somebody named it: then it must exist. */
  readonly named: boolean;
}

/** The file that is read: the given path, else `SAGE_CONFIG`, else `config.yaml` in {@link sageHome}. */
export function configPlace(env: NodeJS.ProcessEnv, path?: string): ConfigPlace {
  const named = path || env["SAGE_CONFIG"];
  if (named) return { path: pathFrom(process.cwd(), named, env), named: true };
  return { path: join(sageHome(env), "config.yaml"), named: false };
}

/** An absolute path: `~/` is the user's home, everything else is relative to `baseDir`. */
export function pathFrom(baseDir: string, path: string, env: NodeJS.ProcessEnv): string {
  if (path === "~" || path.startsWith("~/")) return join(env["HOME"] || homedir(), path.slice(1));
  return isAbsolute(path) ? path : resolve(baseDir, path);
}
