// Runs a pipeline on a JobManager daemon.

import { Environment, type RunOptions } from "./environment.ts";

export interface RemoteOptions extends RunOptions {
  /** Default: the configuration's (`SAGE_DAEMON_HOST`, `daemon.host`), else 127.0.0.1. */
  readonly host?: string;
  /** Default: the configuration's (`SAGE_DAEMON_PORT`, `daemon.port`), else 19001. */
  readonly port?: number;
  /** Default: the configuration's; loopback needs none. */
  readonly token?: string;
}

export class RemoteEnvironment extends Environment {
  /** @param name - of the job, 1 to 200 characters. */
  constructor(name: string, options: RemoteOptions = {}) {
    const { host, port, token } = options;
    super(name, {
      kind: "remote",
      ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }), ...(token === undefined ? {} : { token }),
    }, options, { host: true, port: true, token: true });
  }
}
