// The paths below /api/v1/. Each is one call on the JobManager; README.md beside this file lists them.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "@sage/core";
import { logJson, type ActionRequest } from "@sage/protocol/json";
import type { JobPhase } from "../jobs/lifecycle.ts";
import type { Access } from "./access.ts";
import { act } from "./actions.ts";
import { answerJson } from "./answers.ts";
import { logQueryOf } from "./client-message.ts";
import { BadRequestError, ForeignCallerError, PageNotFoundError } from "./errors.ts";
import { toJson } from "./job-rows.ts";
import { serverJson } from "./server-facts.ts";
import type { TopicParts } from "./topics.ts";

export interface ApiParts extends TopicParts {
  readonly access: Access;
  readonly logger: Logger;
}

const mostBodyBytes = 1024 * 1024;

/** @param path - behind the prefix. @throws SageError, which becomes the answer */
export async function answerApi(parts: ApiParts, request: IncomingMessage, response: ServerResponse, url: URL, path: string): Promise<void> {
  const { jobs, clock, logger, access } = parts;
  const [first = "", jobId = "", third = ""] = path.split("/");
  switch (`${request.method} ${first}${jobId === "" ? "" : "/:job"}${third === "" ? "" : `/${third}`}`) {
    case "GET server":
      return answerJson(response, await serverJson(parts));
    case "GET jobs": {
      const nowMs = clock.now();
      const status = url.searchParams.get("status");
      return answerJson(response, { jobs: jobs.list(status === null ? [] : [status as JobPhase]).map((job) => toJson(job, nowMs)) });
    }
    case "GET jobs/:job":
      return answerJson(response, toJson(jobs.get(jobId), clock.now(), await jobs.planJson(jobId)));
    case "GET jobs/:job/logs":
      return streamLogs(parts, response, jobId, url);
    case "POST actions": {
      const outcomes = await act(jobs, clock, (await bodyOf(request)) as ActionRequest, (error) => logger.error("an action failed inside the daemon", { error }));
      return answerJson(response, { outcomes });
    }
    case "POST tickets": {
      if (!access.isProgram(request)) throw new ForeignCallerError("only who holds the key or the token may let others in");
      const { ticket, expiresAtMs } = access.issueTicket();
      return answerJson(response, { ticket, path: `/open?ticket=${ticket}`, expiresAt: new Date(expiresAtMs).toISOString() });
    }
    default:
      throw new PageNotFoundError(url.pathname);
  }
}

/** JSON lines, as `sage job logs --json` prints them. */
async function streamLogs({ jobs }: ApiParts, response: ServerResponse, jobId: string, url: URL): Promise<void> {
  const query = logQueryOf((name) => url.searchParams.get(name) ?? undefined);
  const gone = new AbortController();
  response.once("close", () => gone.abort(new Error("the reader has gone")));
  const lines = jobs.logs(jobId, { ...query, follow: url.searchParams.get("follow") === "true" }, gone.signal);
  const first = await lines.next(); // an unknown job is an answer of its own
  response.writeHead(200, { "content-type": "application/jsonl; charset=utf-8", "cache-control": "no-store" });
  try {
    for (let next = first; !next.done && !gone.signal.aborted; next = await lines.next()) {
      if (!response.write(`${JSON.stringify(logJson(next.value))}\n`)) await drained(response);
    }
    response.end();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  } finally {
    await lines.return();
  }
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => { response.once("drain", resolve).once("close", resolve); });

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/.test(request.headers["content-type"] ?? "")) throw new BadRequestError("its content-type is application/json");
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBodyBytes) throw new BadRequestError(`its body is at most ${mostBodyBytes} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
  } catch {
    throw new BadRequestError("its body is JSON");
  }
}
