// The daemon's certificate while it runs: taken anew from disk when it was replaced, and warned of before it ends.

import type { Clock, Logger } from "@sage/core";
import type { ServerTls } from "@sage/protocol";

const lookAgainMs = 10_000;
const dayMs = 86_400_000;
const warnBeforeMs = 14 * dayMs;

/** Ends only by `signal`. */
export async function watchCertificate(tls: ServerTls, clock: Clock, logger: Logger, signal: AbortSignal): Promise<never> {
  let [failed, warnedAtMs] = ["", Number.NEGATIVE_INFINITY];
  for (;;) {
    const now = clock.now();
    if (tls.untilMs - now < warnBeforeMs && now - warnedAtMs > dayMs) {
      warnedAtMs = now;
      logger.warn(tls.untilMs < now ? "the daemon's certificate has expired" : "the daemon's certificate ends soon", { untilMs: tls.untilMs });
    }
    await clock.sleep(lookAgainMs, signal);
    try {
      if (tls.reload()) logger.info("the daemon's certificate was replaced", { untilMs: tls.untilMs });
      failed = "";
    } catch (error) {
      if (String(error) !== failed) logger.error("the daemon's new certificate cannot be used; the former one stays", { error });
      failed = String(error);
    }
  }
}
