// The dashboard's built files, read once at the start and served with their types and their age.

import { existsSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import sirv from "sirv";
import { answerText } from "./answers.ts";
import { PageNotFoundError } from "./errors.ts";

/** @param dir - undefined or without a page: who comes is told. */
export function pageFiles(dir: string | undefined): (request: IncomingMessage, response: ServerResponse) => void {
  if (dir === undefined || !existsSync(join(dir, "index.html"))) {
    return (_request, response) => answerText(response, 404, "This daemon was built without the dashboard. Build it: pnpm build\n");
  }
  const serve = sirv(dir, {
    etag: true,
    setHeaders: (response, path) => {
      response.setHeader("cache-control", path.startsWith("/assets/") ? "private, max-age=31536000, immutable" : "no-cache");
    },
  });
  return (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") throw new PageNotFoundError(request.url ?? "/");
    serve(request, response, () => answerText(response, 404, "There is nothing here.\n"));
  };
}
