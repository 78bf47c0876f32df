// Streams that fall silent: when the others stop waiting for them, by a clock that the test moves.

import { tumbling } from "@sage/graph";
import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { runPipeline, turn } from "../testing/pipeline-run.ts";

/** So long passes, or one of the streams has a record of this time. */
type Step = { readonly passMs: number } | { readonly record: number } | { readonly ahead: number };

const pass = (passMs: number): Step => ({ passMs });
/** Of the second stream, which falls silent. */
const record = (time: number): Step => ({ record: time });
/** Of the first stream. */
const ahead = (time: number): Step => ({ ahead: time });

/** What windows of 10 ms have given, `count` results at least if they come, when the steps are done, while the first stream has come to 25 or further and both go on. */
async function firedAfter(idleAfterMs: number | undefined, steps: readonly Step[], count: number): Promise<readonly string[]> {
  const clock = new ManualClock();
  const fired: string[] = [];
  const waiting: number[] = [];
  let isOver = false;
  let then: readonly string[] = [];
  const first = async function* () {
    yield 5;
    yield 25;
    for (const step of steps) {
      for (let i = 0; i < 50; i++) await turn(); // both streams have given what they had
      if ("ahead" in step) yield step.ahead;
      else if ("passMs" in step) await clock.advance(step.passMs);
      else waiting.push(step.record);
    }
    for (let i = 0; i < 10_000 && fired.length < count; i++) await turn();
    for (let i = 0; i < 40; i++) await turn(); // and nothing more
    then = [...fired];
    isOver = true;
  };
  const second = async function* () {
    for (; !isOver; await turn()) yield* waiting.splice(0);
  };
  await runPipeline((env) => {
    const silent = env.fromIterable(second()).assignTimestamps((at) => at, idleAfterMs === undefined ? {} : { idleAfterMs });
    env.fromIterable(first()).assignTimestamps((at) => at).union(silent)
      .keyBy(() => "all").window(tumbling(10))
      .aggregate({ init: () => 0, add: (n: number) => n + 1, result: (n: number, _key, { startMs }) => `${startMs}: ${n}` })
      .sink((result) => { fired.push(result); });
  }, { clock });
  return then;
}

test.each<readonly [sentence: string, idleAfterMs: number | undefined, steps: readonly Step[], fired: readonly string[]]>([
  ["a silent stream holds time back for ever without idleAfterMs", undefined, [pass(1_000), pass(1_000)], []],
  ["and for less than idleAfterMs", 100, [pass(99)], []],
  ["from idleAfterMs on it is not waited for", 100, [pass(100)], ["0: 1"]],
  ["a record begins the wait anew", 100, [pass(50), record(8), pass(50)], []],
  ["which ends when a whole idleAfterMs had none", 100, [pass(50), record(8), pass(50), pass(100)], ["0: 2"]],
  ["a stream that comes back ahead of the others is waited for again", 100, [pass(100), record(26), pass(20), ahead(45), pass(20)], ["0: 1"]],
  ["and not when it falls silent once more", 100, [pass(100), record(26), pass(20), ahead(45), pass(100), pass(100)], ["0: 1", "20: 2"]],
  ["one that comes back behind them is not, before it has caught up", 100, [pass(100), record(24), pass(20), ahead(45), pass(20)], ["0: 1", "20: 2"]],
  ["one that comes back late gives a late record, and pulls nothing back", 100, [pass(100), record(3), pass(50)], ["0: 1"]],
])("%s", async (_sentence, idleAfterMs, steps, fired) => {
  expect(await firedAfter(idleAfterMs, steps, fired.length)).toEqual(fired);
});
