// Keeps a text of about 85 bytes for each of very many keys, and then waits.
//
// keys: how many
import { pipeline } from "@sage/pipeline";
import { Keys } from "./keys.ts";

export default pipeline("much-state", (env) => {
  env.fromSource(Keys, Number(env.params["keys"])).keyBy((n) => n).process<never>((n, ctx) => {
    ctx.state.value("text", "").set(`the text that is kept of key number ${n}, long enough to make a gigabyte of ten million`);
  }, { name: "kept" }).sink(() => {});
});
