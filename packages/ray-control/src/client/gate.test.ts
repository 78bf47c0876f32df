import { expect, test } from "vitest";
import { Gate } from "./gate.ts";

test("requests beyond the limit wait in order, and one that leaves makes room for the next", async () => {
  const gate = new Gate(2, 100);
  const order: string[] = [];
  expect(gate.enter(10)).toBeUndefined();
  expect(gate.enter(10)).toBeUndefined();
  const third = gate.enter(10)!;
  const fourth = gate.enter(10)!;
  const done = Promise.all([third.entered.then(() => order.push("third")), fourth.entered.then(() => order.push("fourth"))]);
  gate.exit(10);
  gate.exit(10);
  await done;
  expect(order).toEqual(["third", "fourth"]);
});

test("bytes count; what is larger than all of the room goes alone", async () => {
  const gate = new Gate(10, 100);
  expect(gate.enter(1_000)).toBeUndefined();
  const small = gate.enter(1)!;
  gate.exit(1_000);
  await small.entered;
  expect(gate.enter(99)).toBeUndefined();
  expect(gate.enter(1)).toBeDefined();
});

test("who stops waiting takes no room, before or after being let in", async () => {
  const gate = new Gate(1, 100);
  expect(gate.enter(1)).toBeUndefined();
  const [left, next] = [gate.enter(1)!, gate.enter(1)!];
  left.leave();
  gate.exit(1);
  await next.entered;
  next.leave();
  expect(gate.enter(1)).toBeUndefined();
});
