// How the http door answers: JSON, or nothing a browser could take for something else.

import { isSageError, messageOf } from "@sage/core";
import type { ErrorJson } from "@sage/protocol/json";
import type { ServerResponse } from "node:http";

/** On every answer. Nothing of another origin is loaded, nothing is framed, no type is guessed. */
export const safetyHeaders: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

const statuses: Readonly<Record<string, number>> = {
  SAGE_JOB_NOT_FOUND: 404, SAGE_PAGE_NOT_FOUND: 404, SAGE_REQUEST_INVALID: 400, SAGE_UNAUTHENTICATED: 401, SAGE_FORBIDDEN: 403,
  SAGE_JOB_RUNNING: 409, SAGE_SHUTTING_DOWN: 503, SAGE_STATE_NOT_WRITTEN: 503, SAGE_TIMEOUT: 504,
};

export function answerJson(response: ServerResponse, value: unknown, status = 200): void {
  answer(response, status, "application/json; charset=utf-8", `${JSON.stringify(value)}\n`);
}

export function answerText(response: ServerResponse, status: number, text: string, type = "text/plain; charset=utf-8"): void {
  answer(response, status, type, text);
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body), "cache-control": "no-store" }).end(body);
}

export function answerError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  answerJson(response, { error: errorJson(error) }, isSageError(error) ? (statuses[error.code] ?? 500) : 500);
}

/** What a caller may know of an error: of ours everything, of others only that there was one. */
export function errorJson(error: unknown): ErrorJson {
  if (!isSageError(error)) return { code: "SAGE_INTERNAL", message: "the daemon made a mistake; its log says which" };
  return { code: error.code, message: messageOf(error), ...(error.hint === undefined ? {} : { hint: error.hint }) };
}
