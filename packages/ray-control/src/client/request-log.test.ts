import { expect, test } from "vitest";
import { RequestLog } from "./request-log.ts";

const logOf = (afterId = 0) => {
  const log = new RequestLog<{ id: number; isKept: boolean }>(afterId);
  const ask = (isKept = true) => {
    const request = { id: log.nextId(), isKept };
    log.add(request);
    return request;
  };
  return { log, ask };
};

test("nothing is acknowledged below an open request, whatever else is answered", () => {
  const { log, ask } = logOf();
  const oldest = ask();
  const acknowledged = Array.from({ length: 100 }, () => log.settle(ask()));
  expect(acknowledged.filter((id) => id !== undefined)).toEqual([]);
  log.settle(oldest);
  expect(Array.from({ length: 32 }, () => log.settle(ask())).filter((id) => id !== undefined)).toEqual([128]);
});

test("an open get holds no acknowledgement back, and its answer makes none", () => {
  const { log, ask } = logOf();
  const get = ask(false);
  const acknowledged = Array.from({ length: 32 }, () => log.settle(ask()));
  expect(acknowledged.at(-1)).toBe(33);
  expect(log.settle(get)).toBeUndefined();
});

test("an answer that comes twice counts once", () => {
  const { log, ask } = logOf();
  const request = ask();
  for (let i = 0; i < 100; i++) expect(log.settle(request)).toBeUndefined();
});

test("ids start again at 1, never 0, and the order of asking is kept", () => {
  const { log, ask } = logOf(2 ** 31 - 3);
  const ids = Array.from({ length: 4 }, () => ask(false).id);
  expect(ids).toEqual([2 ** 31 - 2, 2 ** 31 - 1, 1, 2]);
  expect(log.open().map(({ id }) => id)).toEqual(ids);
});

test("below the first id after the wrap lies the last before it", () => {
  const { log, ask } = logOf(2 ** 31 - 34);
  const before = Array.from({ length: 33 }, () => ask());
  const after = ask();
  expect(after.id).toBe(1);
  expect(before.map((request) => log.settle(request)).filter((id) => id !== undefined)).toEqual([2 ** 31 - 2]);
});
