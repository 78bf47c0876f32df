// Every key once, then nothing; it does not end.

import { SourceFunction } from "@sage/graph";

export class Keys extends SourceFunction<number> {
  next = 0;
  readonly keys: number;
  constructor(keys: number) {
    super();
    this.keys = keys;
  }
  execute() {
    return this.next < this.keys ? this.next++ : SourceFunction.IDLE;
  }
}
