import { Secret } from "@sage/core";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Access, isOwnHost, openAccessKey } from "./access.ts";

const key = "ab".repeat(32);

function movable() {
  let nowMs = 1_000_000;
  return { now: () => nowMs, monotonicMs: () => nowMs, sleep: async () => {}, move: (ms: number) => { nowMs += ms; } };
}

const from = (headers: Record<string, string>, method = "GET") => ({ headers, method }) as unknown as IncomingMessage;

function session(access: Access): string {
  const cookie = access.redeem(access.issueTicket().ticket);
  if (cookie === undefined) throw new Error("no session");
  return cookie.slice(0, cookie.indexOf(";"));
}

test("the key is made once, for its owner's eyes only", async () => {
  const dir = await mkdtemp(join(tmpdir(), "sage-key-"));
  try {
    const path = join(dir, "run", "dashboard-key");
    const made = await openAccessKey(path);
    expect(made).toMatch(/^[0-9a-f]{64}$/);
    await chmod(path, 0o644);
    expect(await openAccessKey(path)).toBe(made);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await writeFile(path, "cut off");
    expect(await openAccessKey(path)).not.toBe(made);
    expect((await readFile(path, "utf8")).trim()).toMatch(/^[0-9a-f]{64}$/);
  } finally {
    await rm(dir, { recursive: true });
  }
});

test("a ticket works once, and not for long", () => {
  const clock = movable();
  const access = new Access({ key, clock });
  const { ticket } = access.issueTicket();
  expect(access.redeem(ticket)).toMatch(/^sage_\w+=.*; HttpOnly; SameSite=Strict$/);
  expect(access.redeem(ticket)).toBeUndefined();
  const late = access.issueTicket().ticket;
  clock.move(5 * 60_000);
  expect(access.redeem(late)).toBeUndefined();
  expect(access.redeem("")).toBeUndefined();
});

test("a session outlives the daemon, but not its week, its key or a changed letter", () => {
  const clock = movable();
  const cookie = session(new Access({ key, clock }));
  const later = new Access({ key, clock });
  expect(later.isPage(from({ cookie: `other=1; ${cookie}` }))).toBe(true);
  expect(later.isPage(from({ cookie: `${cookie.slice(0, -1)}${cookie.endsWith("A") ? "B" : "A"}` }))).toBe(false);
  expect(new Access({ key: "cd".repeat(32), clock }).isPage(from({ cookie }))).toBe(false);
  clock.move(7 * 24 * 3_600_000);
  expect(later.isPage(from({ cookie }))).toBe(false);
});

test("a cookie counts only on our own page: a foreign origin, or a change without one, is refused", () => {
  const access = new Access({ key, clock: movable() });
  const cookie = session(access);
  const host = "127.0.0.1:19002";
  expect(access.isPage(from({ cookie, host, origin: "http://127.0.0.1:19002" }, "POST"))).toBe(true);
  expect(access.isPage(from({ cookie, host, origin: "http://127.0.0.1:8000" }, "POST"))).toBe(false);
  expect(access.isPage(from({ cookie, host, origin: "null" }))).toBe(false);
  expect(access.isPage(from({ cookie, host }, "POST"))).toBe(false);
  expect(access.isPage(from({ cookie, host, upgrade: "websocket" }))).toBe(false);
});

test("the key and the daemon's token let programs in, nothing else does", () => {
  const access = new Access({ key, token: new Secret("t0ken"), clock: movable() });
  const shown = (authorization: string) => access.isProgram(from({ authorization }));
  expect([`Bearer ${key}`, "Bearer t0ken"].map(shown)).toEqual([true, true]);
  expect(["", "Bearer", "Bearer t0ke", `Basic ${key}`, "bearer t0ken"].map(shown)).toEqual([false, false, false, false, false]);
});

test.each([
  ["127.0.0.1:19002", true], ["localhost", true], ["LocalHost:80", true], ["[::1]:19002", true], ["127.1.2.3:1", true], ["10.0.0.7:19002", true],
  ["evil.example", false], ["127.0.0.1.evil.example", false], ["localhost.evil.example:19002", false], ["10.0.0.8", false], ["127.0.0.1:1:2", false], [undefined, false], ["", false],
])("the Host %j is ours: %s", (host, ours) => {
  expect(isOwnHost(host, "10.0.0.7")).toBe(ours);
});
