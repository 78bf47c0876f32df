// Who may come in at the http door: a key on disk, one-time tickets made with it, and session cookies.
//
// Invariants:
//   A1. The key never leaves its file but to programs that can read it; pages get a ticket, which works once and soon
//       expires, and turn it into a cookie that no script can read.
//   A2. A cookie counts only where the page itself came from us: whoever sends one with a foreign Origin, or changes
//       something without an Origin, is refused.
//   A3. Only our own names count as Host, so a foreign name that was made to point here reaches nothing.

import type { Clock, Secret } from "@sage/core";
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { dirname } from "node:path";

const ticketLifeMs = 5 * 60_000;
const sessionLifeMs = 7 * 24 * 3_600_000;
const mostTickets = 1_000;

/** The key of this home's http door, made at the first start. Mode 0600. */
export async function openAccessKey(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const known = (await readFile(path, "utf8").catch(() => "")).trim();
  if (/^[0-9a-f]{64}$/.test(known)) {
    await chmod(path, 0o600);
    return known;
  }
  const key = randomBytes(32).toString("hex");
  await writeFile(path, `${key}\n`, { mode: 0o600 });
  await chmod(path, 0o600);
  return key;
}

export interface AccessOptions {
  readonly key: string;
  /** The daemon's token, if it has one: it opens this door too. */
  readonly token?: Secret;
  readonly clock: Clock;
}

export class Access {
  readonly #options: AccessOptions;
  readonly #tickets = new Map<string, number>();
  /** Cookies go to every port of a host, so each home's has a name of its own. */
  readonly #cookieName: string;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#cookieName = `sage_${createHash("sha256").update(`cookie ${options.key}`).digest("hex").slice(0, 12)}`;
  }

  /** For one visit within five minutes. */
  issueTicket(): { readonly ticket: string; readonly expiresAtMs: number } {
    const nowMs = this.#options.clock.now();
    for (const [ticket, expiresAtMs] of this.#tickets) if (expiresAtMs <= nowMs || this.#tickets.size >= mostTickets) this.#tickets.delete(ticket);
    const ticket = randomBytes(24).toString("base64url");
    const expiresAtMs = nowMs + ticketLifeMs;
    this.#tickets.set(ticket, expiresAtMs);
    return { ticket, expiresAtMs };
  }

  /** The `Set-Cookie` of a new session; undefined if the ticket is unknown, used or too old. */
  redeem(ticket: string): string | undefined {
    const expiresAtMs = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (expiresAtMs === undefined || expiresAtMs <= this.#options.clock.now()) return undefined;
    const facts = `${this.#options.clock.now() + sessionLifeMs}.${randomBytes(12).toString("base64url")}`;
    return `${this.#cookieName}=${facts}.${this.#sign(facts)}; Path=/; Max-Age=${sessionLifeMs / 1_000}; HttpOnly; SameSite=Strict`;
  }

  #sign(facts: string): string {
    return createHmac("sha256", this.#options.key).update(`session ${facts}`).digest("base64url");
  }

  /** Whether the caller shows the key or the daemon's token: a program, not a page. */
  isProgram({ headers }: IncomingMessage): boolean {
    const shown = /^Bearer (\S+)$/.exec(headers.authorization ?? "")?.[1];
    if (shown === undefined) return false;
    const { key, token } = this.#options;
    return same(shown, key) || (token !== undefined && same(shown, token.reveal()));
  }

  /** Whether the caller is a page of ours with a session. */
  isPage(request: IncomingMessage): boolean {
    const cookie = cookieOf(request, this.#cookieName);
    const [, facts, signature] = /^(\d{1,16}\.[\w-]{16})\.([\w-]{43})$/.exec(cookie ?? "") ?? [];
    if (facts === undefined || signature === undefined || !same(signature, this.#sign(facts))) return false;
    if (Number(facts.slice(0, facts.indexOf("."))) <= this.#options.clock.now()) return false;
    return isOwnOrigin(request);
  }
}

/** Compares without telling by its time how much was right. */
function same(given: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(right));
}

function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  for (const part of (headers.cookie ?? "").slice(0, 8_192).split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** Reading without an Origin is what a browser does on its own page; everything else has to name ours. */
function isOwnOrigin({ headers, method }: IncomingMessage): boolean {
  const { origin, upgrade } = headers;
  if (origin === undefined) return (method === "GET" || method === "HEAD") && upgrade === undefined;
  return origin === `http://${headers.host ?? ""}`;
}

/** Whether a Host header names this machine's loopback or the address that the door was opened on; the port may be a tunnel's. */
export function isOwnHost(header: string | undefined, boundHost: string): boolean {
  const name = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?$/.exec(header ?? "")?.[1]?.toLowerCase();
  if (name === undefined) return false;
  return name === "localhost" || name === "[::1]" || /^127(\.\d{1,3}){3}$/.test(name) || name === boundHost.toLowerCase() || name === `[${boundHost.toLowerCase()}]`;
}
