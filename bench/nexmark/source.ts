// Nexmark events as a source, and its three kinds as streams.

import { BatchFunction, type FunctionContext, type PipelineBuilder, type Stream } from "@sage/graph";
import { eventAt, type Auction, type Bid, type NexmarkEvent, type NexmarkInput, type Person } from "./events.ts";

/** Each parallel instance makes its share. */
export class NexmarkSource extends BatchFunction<NexmarkEvent> {
  next = 0;
  step = 1;
  readonly input: NexmarkInput;

  constructor(input: NexmarkInput) {
    super();
    this.input = input;
  }

  override open({ parallelIndex, parallelism }: FunctionContext): void {
    this.next = parallelIndex;
    this.step = parallelism;
  }

  execute(): NexmarkEvent | null {
    if (this.next >= this.input.events) return null;
    const event = eventAt(this.input, this.next);
    this.next += this.step;
    return event;
  }
}

/** The events with their time. Those of one instance are in order; `sources` is how many instances make them. */
export function nexmarkEvents(env: PipelineBuilder, input: NexmarkInput, sources = 1): Stream<NexmarkEvent> {
  return env.fromBatch(NexmarkSource, input).with({ parallelism: sources }).assignTimestamps((event) => event.at);
}

export const isPerson = (event: NexmarkEvent): event is Person => event.kind === "person";
export const isAuction = (event: NexmarkEvent): event is Auction => event.kind === "auction";
export const isBid = (event: NexmarkEvent): event is Bid => event.kind === "bid";
