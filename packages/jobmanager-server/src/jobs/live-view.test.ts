import { emptyInstance } from "@sage/protocol";
import { expect, test } from "vitest";
import { planOf } from "../testing/test-daemon.ts";
import { LiveView } from "./live-view.ts";

test("an instance's rates are those of the last second or so, whoever asks how often; at rest they are 0", () => {
  let nowMs = 0;
  const view = new LiveView(planOf({ parallelism: 1 }), 0, { monotonicMs: () => nowMs });
  const reported = (atMs: number, recordsOut: number, state = "running") => {
    nowMs = atMs;
    view.report(0, [{ nodeId: "source", instance: { ...emptyInstance(0), state, recordsOut } }]);
    return view.operators()[0]!.instances[0]!.recordsOutPerSecond;
  };
  expect([reported(0, 0), reported(1_000, 300), reported(1_100, 10_000), reported(3_000, 500)]).toEqual([0, 300, 300, 100]);
  expect(reported(4_000, 900, "finished")).toBe(0);
});

test("services stand in the order in which they were registered, whichever reports first", () => {
  const view = new LiveView(planOf({ parallelism: 1 }), 0, { monotonicMs: () => 0 });
  const service = { index: 0, state: "running", calls: 0, failures: 0, restarts: 0, queued: 0, host: "", pid: 0, remote: true, route: "direct", answered: 0, latencyTotalMs: 0 };
  view.report(2, [], [{ ...service, name: "clerk" }]);
  view.report(1, [], [{ ...service, name: "ledger" }]);
  expect(view.services().map(({ name }) => name)).toEqual(["ledger", "clerk"]);
});
