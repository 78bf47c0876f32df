import { checkpointJson } from "@sage/protocol/json";
import { command } from "../../command.ts";

export const jobSavepoint = command({
  path: "job savepoint",
  summary: "Save the state of a running job, which goes on; another job can begin with it",
  args: ["job"],
  argHelp: { job: "number in the list, id, or the beginning of an id" },
  onDaemon: true,
  async run({ args, connect, signal }) {
    const client = await connect();
    const { jobId } = await client.resolveJob(args.job, { signal });
    return client.savepoint(jobId, { signal });
  },
  print(savepoint, io) {
    io.line(savepoint.path);
    io.note("begin with it: ", `sage job submit FILE --from ${savepoint.path}`);
  },
  toJson: checkpointJson,
});
