import { hostname, tmpdir } from "node:os";
import { expect, test } from "vitest";
import { loadCluster } from "@sage/config";
import { openDaemonWay } from "./daemon-way.ts";
import { ClusterSession } from "./session.ts";

test("a daemon on loopback of this machine is dialled there, by whatever name the head is known", async () => {
  const env = { SAGE_HOME: tmpdir(), SAGE_HEAD_HOST: hostname() };
  const { cluster } = await loadCluster({ env });
  await using session = new ClusterSession(cluster, { env, signal: new AbortController().signal });
  expect(session.head.isLocal).toBe(true);
  const daemon = { host: hostname(), port: 19_001, bindHost: "127.0.0.1", tunnel: "auto" } as const;
  expect((await openDaemonWay(session, daemon))?.address).toBe("127.0.0.1:19001");
  expect(await openDaemonWay(session, { ...daemon, bindHost: "0.0.0.0" })).toBeUndefined();
});
