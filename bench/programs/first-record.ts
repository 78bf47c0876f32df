// One record, and the time at which it was made.
import { pipeline } from "@sage/pipeline";

export default pipeline("first-record", (env) => {
  env.fromBatch([0]).map(() => `at ${Date.now()}`).print();
});
