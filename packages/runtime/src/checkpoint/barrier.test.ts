import * as fc from "fast-check";
import { expect, test } from "vitest";
import { afterBarrier, afterEnd, afterOver, isBlocked, unaligned, type Alignment } from "./barrier.ts";

/** "b0:1" a barrier of checkpoint 1 on input 0 · "e0" its end · "x1" checkpoint 1 is over. Gives what is due behind each. */
function run(inputs: number, events: readonly string[]): { due: (number | undefined)[]; blocked: string } {
  let alignment: Alignment = unaligned(inputs);
  const due = events.map((event) => {
    const [input = "", id = ""] = event.slice(1).split(":");
    if (event.startsWith("x")) {
      alignment = afterOver(alignment, Number(input));
      return undefined;
    }
    const next = event.startsWith("b") ? afterBarrier(alignment, Number(input), { checkpointId: Number(id), savepoint: false }) : afterEnd(alignment, Number(input));
    alignment = next.alignment;
    return next.due?.checkpointId;
  });
  return { due, blocked: Array.from({ length: inputs }, (_, i) => (isBlocked(alignment, i) ? "x" : ".")).join("") };
}

test.each<[string, number, string, (number | undefined)[], string]>([
  ["one input", 1, "b0:1", [1], "."],
  ["two inputs wait for one another", 2, "b0:1 b1:1", [undefined, 1], ".."],
  ["the first one is blocked meanwhile", 2, "b0:1", [undefined], "x."],
  ["an input that has ended is not waited for", 2, "e1 b0:1", [undefined, 1], ".."],
  ["an input that ends meanwhile completes it", 2, "b0:1 e1", [undefined, 1], ".."],
  ["the end of all inputs makes nothing due", 2, "e0 e1", [undefined, undefined], ".."],
  ["a newer barrier ends an older alignment", 2, "b0:1 b1:2", [undefined, undefined], ".x"],
  ["and is completed by its own", 2, "b0:1 b1:2 b0:2", [undefined, undefined, 2], ".."],
  ["an older barrier is ignored", 2, "b0:2 b1:1", [undefined, undefined], "x."],
  ["a barrier that is over is ignored", 2, "b0:1 x1 b1:1", [undefined, undefined, undefined], ".."],
  ["an abort frees the inputs", 2, "b0:1 x1", [undefined, undefined], ".."],
  ["an abort of an older one does not", 2, "b0:2 x1", [undefined, undefined], "x."],
  ["a barrier that comes twice on an input counts once", 2, "b0:1 b0:1", [undefined, undefined], "x."],
  ["nothing is due twice", 1, "b0:1 b0:1", [1, undefined], "."],
])("%s", (_what, inputs, events, due, blocked) => {
  expect(run(inputs, events.split(" "))).toEqual({ due, blocked });
});

test("whatever the order, each checkpoint is due once, when its barrier or the end has come on every input", () => {
  const input = fc.array(fc.boolean(), { maxLength: 6 }); // per checkpoint: whether its barrier comes before the end
  fc.assert(fc.property(fc.array(input, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat()), (inputs, choices) => {
    const last = Math.max(0, ...inputs.map((each) => each.length));
    const queues = inputs.map((each, i) => [...each.map((_, id) => `b${i}:${id + 1}`), `e${i}`]);
    let alignment = unaligned(inputs.length);
    const due: number[] = [];
    for (const choice of choices) {
      const ready = queues.flatMap((queue, i) => (queue.length > 0 && !isBlocked(alignment, i) ? [i] : []));
      if (ready.length === 0) break;
      const i = ready[choice % ready.length]!;
      const event = queues[i]!.shift()!;
      const next = event.startsWith("e") ? afterEnd(alignment, i) : afterBarrier(alignment, i, { checkpointId: Number(event.split(":")[1]), savepoint: false });
      alignment = next.alignment;
      if (next.due) due.push(next.due.checkpointId);
    }
    expect(queues.flat()).toEqual([]);
    expect(due).toEqual(Array.from({ length: last }, (_, id) => id + 1));
  }));
});
