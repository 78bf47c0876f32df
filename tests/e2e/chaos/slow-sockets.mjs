// Imported before a worker's program: its connections go by way of a bad network (bad-network.ts), as soon as the file
// `globalThis.sageLinksFile` says where its relays listen: { "daemonPort", "toDaemon", "toPeers" }.

import { readFileSync } from "node:fs";
import net from "node:net";

const { connect } = net.Socket.prototype;

function links() {
  try {
    return JSON.parse(readFileSync(globalThis.sageLinksFile, "utf8"));
  } catch {
    return undefined; // the network is not there yet
  }
}

net.Socket.prototype.connect = function (...args) {
  const list = Array.isArray(args[0]) ? args[0] : args; // net.connect has normalised them
  const [options] = list;
  const found = typeof options === "object" && options !== null ? links() : undefined;
  if (found && typeof options.path === "string" && options.path.endsWith(".sock")) {
    const { path } = options;
    const joined = connect.call(this, { port: found.toPeers, host: "127.0.0.1" }, typeof list[1] === "function" ? list[1] : undefined);
    this.write(`${path}\n`);
    return joined;
  }
  if (found && Number(options.port) === found.daemonPort) options.port = found.toDaemon;
  return connect.apply(this, args);
};
