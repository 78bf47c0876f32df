// A heartbeat as it came over the wire. Thousands of workers send one every second or two: who keeps the numbers of them all
// reads them from the bytes into rows (`instance-row.ts`), and no object is made. To all others it is a Heartbeat like any.

import type { Heartbeat__Output as Heartbeat } from "./gen/sage/v1/Heartbeat.ts";
import type { ServiceView__Output as ServiceView } from "./gen/sage/v1/ServiceView.ts";
import type { TaskMetrics__Output as TaskMetrics } from "./gen/sage/v1/TaskMetrics.ts";
import type { WorkerMessage__Output as WorkerMessage } from "./gen/sage/v1/WorkerMessage.ts";
import { fieldId, messageReader, type Methods } from "./method-definitions.ts";
import { WireReader } from "./wire-reader.ts";

/** What a row reads (`InstanceRow.read`) of an operator's instance. */
export type OnTask = (nodeId: string, instance: WireReader) => void;

const decode = messageReader<Heartbeat>("sage.v1.Heartbeat");
const heartbeatId = fieldId("sage.v1.WorkerMessage", "heartbeat");
const [tasksId, servicesId] = [fieldId("sage.v1.Heartbeat", "tasks"), fieldId("sage.v1.Heartbeat", "services")];
const [nodeIdId, instanceId] = [fieldId("sage.v1.TaskMetrics", "nodeId"), fieldId("sage.v1.TaskMetrics", "instance")];

/** The methods of the Workers service with heartbeats that are not decoded before somebody looks. */
export function withHeartbeatBytes({ Attach, ...others }: Methods): Methods {
  return { ...others, Attach: { ...Attach!, requestDeserialize: (bytes) => heartbeatIn(bytes) ?? Attach!.requestDeserialize(bytes) } };
}

/** A worker's message that is a heartbeat and nothing else; undefined: it is another, or none. */
function heartbeatIn(bytes: Buffer): WorkerMessage | undefined {
  if (bytes[0] !== heartbeatId * 8 + 2) return undefined;
  const reader = new WireReader(bytes);
  if (!reader.next() || reader.to !== bytes.length) return undefined;
  return { heartbeat: new HeartbeatBytes(bytes.subarray(reader.from)), body: "heartbeat" };
}

export class HeartbeatBytes implements Heartbeat {
  readonly #bytes: Buffer;
  #decoded: Heartbeat | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get tasks(): TaskMetrics[] {
    return this.#whole.tasks;
  }

  get services(): ServiceView[] {
    return this.#whole.services;
  }

  get rssBytes(): number {
    return this.#whole.rssBytes;
  }

  get #whole(): Heartbeat {
    return (this.#decoded ??= decode(this.#bytes));
  }

  /** Tells of each task. @returns whether it tells of services. @throws MalformedRequestError */
  readTasks(onTask: OnTask): boolean {
    const reader = new WireReader(this.#bytes);
    let hasServices = false;
    while (reader.next()) {
      if (reader.isBytes(tasksId)) readTask(reader.inside(), onTask);
      else if (reader.isBytes(servicesId)) hasServices = true;
    }
    return hasServices;
  }
}

function readTask(reader: WireReader, onTask: OnTask): void {
  let nodeId = "";
  let instance: WireReader | undefined;
  while (reader.next()) {
    if (reader.isBytes(nodeIdId)) nodeId = reader.text();
    else if (reader.isBytes(instanceId)) instance = reader.inside();
  }
  if (instance) onTask(nodeId, instance);
}
