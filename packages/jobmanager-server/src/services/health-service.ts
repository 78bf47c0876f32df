// The standard health check: SERVING until the daemon begins to shut down.

import type { Handlers, HealthHandlers } from "@sage/protocol";
import { SageError } from "@sage/core";
import { Notifier } from "../notifier.ts";

class UnknownServiceError extends SageError {
  constructor(name: string) {
    super(`no service ${JSON.stringify(name.slice(0, 64))} here`, { code: "SAGE_SERVICE_NOT_FOUND", fault: "user" });
  }
}

export class Health {
  readonly #services: ReadonlySet<string>;
  readonly #changes = new Notifier();
  #isServing = true;

  constructor(services: readonly string[]) {
    this.#services = new Set(["", ...services]);
  }

  stopServing(): void {
    this.#isServing = false;
    this.#changes.notify();
  }

  handlers({ unary, serverStream }: Handlers): HealthHandlers {
    const status = (service: string) => {
      if (!this.#services.has(service)) return undefined;
      return { status: this.#isServing ? ("SERVING" as const) : ("NOT_SERVING" as const) };
    };
    const changes = this.#changes;
    return {
      Check: unary(({ service }) => {
        const now = status(service);
        if (!now) throw new UnknownServiceError(service);
        return now;
      }),
      Watch: serverStream(async function* ({ service }, { signal }) {
        for (;;) {
          const { version } = changes;
          yield status(service) ?? { status: "SERVICE_UNKNOWN" as const };
          await changes.changedSince(version, signal);
        }
      }),
    };
  }
}
