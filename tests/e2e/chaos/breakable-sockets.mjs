// Imported before a worker's program: its connections with other workers can be broken from outside.
//
// SIGUSR2 closes them; SIGHUP makes them deaf: they stay open, and nothing comes over them any more.

import net from "node:net";

const sockets = new Set();
function track(socket) {
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
}

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof options?.path === "string" && options.path.endsWith(".sock")) track(this);
  return connect.apply(this, args);
};

const { emit } = net.Server.prototype;
net.Server.prototype.emit = function (event, ...args) {
  if (event === "connection" && typeof this.address() === "string") track(args[0]);
  return emit.call(this, event, ...args);
};

process.on("SIGUSR2", () => { for (const socket of sockets) socket.destroy(); });
process.on("SIGHUP", () => { for (const socket of sockets) socket._handle?.readStop(); });
