// Opens so many connections to a daemon, each with a Watch that never ends, says so, and is then stopped from outside
// (SIGSTOP): its kernel keeps them open, and nobody answers on them any more.

import { jobsService } from "@sage/protocol";
import { once } from "node:events";
import { connect } from "node:http2";

const [target = "", jobId = "", count = "0"] = process.argv.slice(2);
const { path, requestSerialize } = jobsService.Watch as unknown as { readonly path: string; requestSerialize(message: object): Buffer };
const message = requestSerialize({ jobId });
const frame = Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]);

async function watch(): Promise<void> {
  const session = connect(`http://${target}`);
  session.on("error", () => {});
  const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" });
  stream.on("error", () => {});
  stream.end(frame);
  stream.resume();
  await once(stream, "response");
}

await Promise.all(Array.from({ length: Number(count) }, watch));
process.stdout.write("open\n");
setInterval(() => {}, 60_000);
