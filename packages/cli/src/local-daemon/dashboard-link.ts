// The link that lets one browser into a daemon's pages: asked of the daemon with the key in its home.

import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { dashboardKeyFileName } from "@sage/protocol";
import { NoDashboardError, NotRunningError } from "./errors.ts";
import { livingDaemon } from "./record.ts";

export interface DashboardLink {
  /** Works once. */
  readonly url: string;
  readonly expiresAt: string;
}

/** A daemon's door, as it is reached from here. */
export interface PagesDoor {
  readonly port: number;
  readonly key: string;
  /** Where Ray's own dashboard is reached from here, for the page's link to it. */
  readonly rayPort?: number | undefined;
}

const answerWithinMs = 5_000;

/** The door of the daemon of this home. @throws NotRunningError, NoDashboardError */
export async function ownDoor(home: string): Promise<PagesDoor> {
  const daemon = await livingDaemon(home);
  if (!daemon) throw new NotRunningError(home);
  if (daemon.httpPort === undefined) throw new NoDashboardError("this daemon was started without a door for browsers");
  const key = await readFile(join(home, dashboardKeyFileName), "utf8").catch((error: Error) => {
    throw new NoDashboardError(error.message);
  });
  return { port: daemon.httpPort, key: key.trim() };
}

/** @throws NoDashboardError */
export async function dashboardLink({ port, key, rayPort }: PagesDoor, signal: AbortSignal): Promise<DashboardLink> {
  const { ticket, expiresAt } = await askTicket(port, key, signal);
  return { url: `http://127.0.0.1:${port}/open?ticket=${ticket}${rayPort === undefined ? "" : `&ray=${rayPort}`}`, expiresAt };
}

function askTicket(port: number, key: string, signal: AbortSignal): Promise<{ ticket: string; expiresAt: string }> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(signal.aborted ? signal.reason : new NoDashboardError(why));
    const asked = request({ host: "127.0.0.1", port, path: "/api/v1/tickets", method: "POST", headers: { authorization: `Bearer ${key}` }, signal, timeout: answerWithinMs }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => { text += part; }).on("end", () => {
        if (answer.statusCode !== 200) return fail(`it answered with status ${answer.statusCode}`);
        resolve(JSON.parse(text) as { ticket: string; expiresAt: string });
      });
    });
    asked.on("timeout", () => asked.destroy(new Error(`no answer within ${answerWithinMs} ms`)));
    asked.on("error", (error) => fail(error.message));
    asked.end();
  });
}
