import { command } from "../../command.ts";
import { exitCodes } from "../../exit-code.ts";
import { paint } from "../../io.ts";

export const jobHealth = command({
  path: "job health",
  summary: "Ask the daemon whether it takes jobs",
  onDaemon: true,
  reads: true,
  details: "Exit code: 0 when it does, 4 when it does not or cannot be reached.",
  async run({ connect, signal }) {
    const client = await connect();
    return { address: client.address, ...(await client.health({ signal })) };
  },
  print: ({ address, healthy, status }, io) => io.line(healthy ? paint("green", "healthy") : paint("red", "not healthy"), `: the daemon at ${address} says ${status}`),
  names: ({ address }) => [address],
  exitCode: ({ healthy }) => (healthy ? exitCodes.ok : exitCodes.unreachable),
});
