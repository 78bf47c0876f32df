import { command } from "../command.ts";
import { version } from "../version.ts";

export const versionCommand = command({
  path: "version",
  summary: "Print the versions of Sage and Node, and the system",
  reads: true,
  run: () => ({ sage: version, node: process.versions.node, platform: `${process.platform}-${process.arch}` }),
  print: ({ sage, node, platform }, io) => io.line(`sage ${sage} (node ${node}, ${platform})`),
  names: ({ sage }) => [sage],
});
