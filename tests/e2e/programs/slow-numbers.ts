// The numbers from 0, ten at a time with a pause before them; its plain fields are its state.
import { BatchFunction } from "@sage/pipeline";

export class NumberBatch extends BatchFunction<number> {
  private counter = 0;
  private readonly limit: number;
  private readonly pauseMs: number;
  constructor(limit: number, pauseMs: number) {
    super();
    this.limit = limit;
    this.pauseMs = pauseMs;
  }
  async execute(): Promise<number | null> {
    if (this.counter >= this.limit) return null;
    if (this.counter % 10 === 0) await new Promise((resolve) => setTimeout(resolve, this.pauseMs));
    return this.counter++;
  }
}
