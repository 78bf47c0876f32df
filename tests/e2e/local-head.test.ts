// A head that is this machine itself: no SSH, the same commands, and nothing left.

import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freePorts, markedProcesses } from "../../packages/ray-control/src/testing/ray-head.ts";
import { newestRay, rayVenv } from "../../packages/ray-control/src/testing/ray-venv.ts";
import { SageHome } from "./sage.ts";

test("on this machine a head and its JobManager start, show themselves, and stop without leaving a process or a file", { timeout: 300_000 }, async () => {
  await using home = await SageHome.make();
  const [ray, dashboard, client, daemon, http, workers] = await freePorts(6);
  const at = (name: string) => join(home.folder, name);
  await writeFile(at("config.yaml"), `
head: { host: localhost, head_port: ${ray}, dashboard_port: ${dashboard}, temp_dir: ${at("t")}, log_dir: ${at("logs")}, resources: { cpus: 1, object_store_memory: 80000000 } }
ray: { client_server_port: ${client} }
remote: { ray_command: ${join(await rayVenv(newestRay), "bin/ray")} }
daemon: { port: ${daemon}, http_port: ${http}, workers_port: ${workers}, warm_workers: 0 }
`, { mode: 0o600 });
  // All that is started here carries the mark, but what Ray writes its titles over; that is found by the session's folder.
  const env = { HOME: home.folder, SAGE_CONFIG: at("config.yaml"), SAGE_TEST_RAY_HEAD: home.folder };
  const type = async (...words: string[]) => {
    const ran = await home.sageWith(env, ...words);
    if (ran.code !== 0) throw new Error(`sage ${words.join(" ")} ended with ${ran.code}:\n${ran.stdout}\n${ran.stderr}`);
    return ran.stdout;
  };
  try {
    const started = await type("deploy", "start");
    expect(started).toMatch(/localhost +head +done +started[^]*the JobManager listens on 127\.0\.0\.1/);
    expect(await type("cluster", "status")).toMatch(/cluster default: up, 1 of 1 hosts up[^]*JobManager: up/);
    expect(JSON.parse(await type("job", "list", "--json"))).toEqual({ jobs: [] });
    // It is the daemon of SAGE_HOME, which the commands for this machine's own daemon know, too.
    expect(JSON.parse(await type("jobmanager", "status", "--json"))).toMatchObject({ healthy: true, port: daemon, home: home.folder });
    expect(await type("deploy", "restart", "--dry-run")).toMatch(/localhost +head +would +end ray-head[^]*start it again\nlocalhost +head +would +stop the JobManager, start it again/);
  } finally {
    await type("deploy", "stop");
  }
  expect(await markedProcesses(home.folder)).toEqual([]);
  expect((await home.sageWith(env, "cluster", "status")).stdout).toMatch(/cluster default: down, 0 of 1 hosts up[^]*JobManager: down/);
  expect(existsSync(at(".sage"))).toBe(false);
});
