// Keeps a text of about 85 bytes for each of very many keys, and then waits.
//
// keys: how many
import { pipeline, SourceFunction } from "@sage/pipeline";

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

export default pipeline("much-state", (env) => {
  env.fromSource(Keys, Number(env.params["keys"])).keyBy((n) => n).process<never>((n, ctx) => {
    ctx.state.value("text", "").set(`the text that is kept of key number ${n}, long enough to make a gigabyte of ten million`);
  }, { name: "kept" }).sink(() => {});
});
