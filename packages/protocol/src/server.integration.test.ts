import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { ListenError, startGrpcServer } from "./index.ts";

/** How often the kernel had no room for a connection that somebody wanted, on this machine. */
function refusedForWantOfRoom(): number {
  const [names, values] = readFileSync("/proc/net/netstat", "utf8").split("\n").filter((line) => line.startsWith("TcpExt:")).map((line) => line.split(" "));
  return Number(values![names!.indexOf("ListenOverflows")]);
}

test("seven hundred workers that come before the daemon takes the first of them all find room", async () => {
  await using server = await startGrpcServer({}, { host: "127.0.0.1", port: 0 });
  const before = refusedForWantOfRoom();
  const sockets = Array.from({ length: 700 }, () => connect(server.port, "127.0.0.1")); // in one turn: nobody takes any meanwhile
  try {
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    expect(refusedForWantOfRoom()).toBe(before);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test("a port that somebody has is an error that names it", async () => {
  await using server = await startGrpcServer({}, { host: "127.0.0.1", port: 0 });
  await expect(startGrpcServer({}, { host: "127.0.0.1", port: server.port })).rejects.toThrow(ListenError);
  await expect(startGrpcServer({}, { host: "127.0.0.1", port: server.port })).rejects.toThrow(`the daemon cannot listen on 127.0.0.1:${server.port}: `);
});
