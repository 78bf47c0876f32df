import { expect, test } from "vitest";
import { emptyInstance } from "./empty-instance.ts";
import type { InstanceView__Output as InstanceView } from "./gen/sage/v1/InstanceView.ts";
import type { ServiceView } from "./gen/sage/v1/ServiceView.ts";
import type { TaskMetrics } from "./gen/sage/v1/TaskMetrics.ts";
import type { WorkerMessage } from "./gen/sage/v1/WorkerMessage.ts";
import { HeartbeatBytes } from "./heartbeat-bytes.ts";
import { InstanceRow, instanceNumbers } from "./instance-row.ts";
import { MalformedRequestError } from "./malformed.ts";
import { messageType } from "./method-definitions.ts";
import { workersService } from "./services.ts";

const { requestSerialize, requestDeserialize } = workersService.Attach;
const place = { index: 3, host: "a-host", pid: 17, workerId: "w", restarts: 2 };
const block = { atMs: 1_700_000_000_000, durationMs: 2_500, isOver: true, stack: "    at spin (ops.ts:7:3)" };

function beatOf(tasks: TaskMetrics[], services: ServiceView[] = []): HeartbeatBytes {
  const { heartbeat, body } = requestDeserialize(requestSerialize({ heartbeat: { tasks, services, rssBytes: 5 } } as WorkerMessage));
  expect(body).toBe("heartbeat");
  if (!(heartbeat instanceof HeartbeatBytes)) throw new Error("it was decoded");
  return heartbeat;
}

/** What the rows say, by operator. */
function viewsOf(beat: HeartbeatBytes, row = new InstanceRow(new Float64Array(instanceNumbers), 0)): Record<string, InstanceView> {
  const views: Record<string, InstanceView> = {};
  beat.readTasks((nodeId, instance) => {
    row.read(instance);
    views[nodeId] = row.view(place);
  });
  return views;
}

test("a row says of every field what the decoded message says", () => {
  const { fields } = messageType("sage.v1.InstanceView");
  const values: Record<string, readonly unknown[]> = {
    uint32: [0, 1, 127, 128, 2 ** 32 - 1], uint64: [0, 1, 300, 2 ** 31, 2 ** 53 - 1], double: [0, -1, 0.1, -1.7e300, Infinity, NaN],
    bool: [true, false], string: ["", "running", "Zürich"], BlockView: [block, undefined],
  };
  for (const { name, type } of Object.values(fields)) {
    for (const value of values[type]!) {
      const beat = beatOf([{ nodeId: "ü", instance: { recordsIn: 7, state: "failed", [name]: value } }]);
      expect(viewsOf(beat)["ü"], `${name}: ${String(value)}`).toEqual({ ...beat.tasks[0]!.instance!, ...place });
    }
  }
});

test("a row that was full takes what is left out as nothing", () => {
  const row = new InstanceRow(new Float64Array(instanceNumbers), 0);
  const full = Object.fromEntries(Object.entries(emptyInstance(0)).map(([name, value]) => [name, typeof value === "number" ? 9 : value]));
  viewsOf(beatOf([{ nodeId: "n", instance: { ...full, hasWatermark: true, state: "running", block } }]), row);
  expect(viewsOf(beatOf([{ nodeId: "n", instance: {} }]), row)).toEqual({ n: { ...emptyInstance(0), ...place, state: "", progress: 0 } });
});

test("services are decoded, and told of by the reader", () => {
  expect(beatOf([]).readTasks(() => {})).toBe(false);
  const beat = beatOf([], [{ name: "ledger", calls: 4 }]);
  expect(beat.readTasks(() => {})).toBe(true);
  expect(beat.services).toMatchObject([{ name: "ledger", calls: 4 }]);
  expect(beat.rssBytes).toBe(5);
});

test("bytes that are cut or turned over are refused as no message, or say something: nothing is read beyond them", () => {
  const whole = requestSerialize({ heartbeat: { tasks: [{ nodeId: "n", instance: { index: 1, state: "running", recordsIn: 300, busyMs: 0.1, block } }] } });
  expect(whole.length).toBeLessThan(128); // its length is one byte
  const refused = new Set<string>();
  for (let at = 2; at < whole.length; at++) {
    const cut = Buffer.from(whole.subarray(0, at));
    cut.writeUInt8(at - 2, 1); // else it would be no heartbeat
    for (const bytes of [cut, Buffer.from(whole.map((byte, index) => (index === at ? byte ^ 0xff : byte)))]) {
      try {
        const { heartbeat } = requestDeserialize(bytes);
        if (heartbeat instanceof HeartbeatBytes) viewsOf(heartbeat);
      } catch (error) {
        refused.add((error as object).constructor.name);
      }
    }
  }
  expect([...refused]).toEqual([MalformedRequestError.name]);
});
