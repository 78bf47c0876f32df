// Options of commands that work on the daemon of this machine, and the settings that they stand for.

import type { OptionTable } from "../../options.ts";

export const homeOption = { home: { type: "string", value: "FOLDER", help: "Sage's folder, one daemon each; default: SAGE_HOME, else ~/.sage" } } as const satisfies OptionTable;

export const listenOptions = {
  host: { type: "string", value: "HOST", help: "address to listen on; default: daemon.bind_host, else 127.0.0.1" },
  port: { type: "integer", value: "PORT", min: 0, max: 65_535, help: "port to listen on, 0 for any free one; default: daemon.port, else 19001" },
} as const satisfies OptionTable;

export const timeoutOption = (help: string) => ({ timeout: { type: "duration", help } }) as const satisfies OptionTable;

/** The folder that a command works on. */
export async function homeOf(home: string | undefined, env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  const { pathFrom, sageHome } = await import("@sage/config/daemon-settings");
  return home === undefined ? sageHome(env) : pathFrom(cwd, home, env);
}

/** Where a daemon shall listen: flag, environment, configuration, default. */
export async function listenAddress(options: { readonly host: string | undefined; readonly port: number | undefined }, env: NodeJS.ProcessEnv): Promise<{ host: string; port: number }> {
  if (options.host !== undefined && options.port !== undefined) return { host: options.host, port: options.port };
  const { readDaemonAddress } = await import("@sage/config/daemon-settings");
  const settings = await readDaemonAddress({ env });
  return { host: options.host ?? settings.bindHost, port: options.port ?? settings.port };
}
