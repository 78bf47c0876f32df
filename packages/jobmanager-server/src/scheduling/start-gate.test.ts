import { expect, test } from "vitest";
import { StartGate } from "./start-gate.ts";

const never = new AbortController().signal;

test("no more than so many are in at once, in the order they came", async () => {
  const gate = new StartGate(2);
  const order: number[] = [];
  const leave: (() => void)[] = [];
  const entering = [0, 1, 2, 3].map(async (who) => { leave[who] = await gate.enter(never); order.push(who); });
  await Promise.all(entering.slice(0, 2));
  expect(order).toEqual([0, 1]);
  leave[1]!();
  leave[1]!(); // twice counts once
  await entering[2];
  expect(order).toEqual([0, 1, 2]);
  leave[0]!();
  await entering[3];
});

test("who gives up waiting takes nobody's place", async () => {
  const gate = new StartGate(1);
  const leave = await gate.enter(never);
  const abort = new AbortController();
  const impatient = gate.enter(abort.signal);
  const patient = gate.enter(never);
  abort.abort(new Error("enough"));
  await expect(impatient).rejects.toThrow("enough");
  leave();
  (await patient)();
  await gate.enter(never);
});
