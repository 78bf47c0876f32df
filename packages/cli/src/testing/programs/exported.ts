// A program without side effects.
import { pipeline } from "@sage/pipeline";

export default pipeline("exported", (env) => {
  env.fromBatch(["a", "b"]).print();
});
