import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { daemonPlan } from "./home-options.ts";

const nothing = { insecure: false, host: undefined, port: undefined, "http-port": undefined, "ray-address": undefined, "advertise-host": undefined, "workers-port": undefined, "data-ports": undefined, "ray-placement": undefined, "warm-workers": undefined };
let home: string;
const plan = (typed: Partial<Record<keyof typeof nothing, string | number>> = {}, env: NodeJS.ProcessEnv = {}) => daemonPlan({ ...nothing, ...typed } as typeof nothing, { SAGE_HOME: home, HOME: home, ...env });

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "sage-plan-"));
  await writeFile(join(home, "config.yaml"), "daemon: { port: 19021, workers_port: 19013, data_ports: 20000-20999, advertise_host: 10.0.0.5 }\nray: { address: \"ray://base:10001\" }\ncheckpoints: { store: \"s3://bucket/sage\", credentials_file: ~/s3 }\n");
});
afterEach(() => rm(home, { recursive: true, force: true }));

test("a daemon of this machine takes Ray's address and its ports for workers from the configuration", async () => {
  const { port, words } = await plan();
  expect(port).toBe(19_021);
  expect(words).toEqual(["--ray-address", "ray://base:10001", "--advertise-host", "10.0.0.5", "--workers-port", "19013", "--data-ports", "20000-20999"]);
});

test("what is typed goes before, then the environment; off means without Ray", async () => {
  expect((await plan({ "ray-address": "auto", "workers-port": 1_234 })).words).toEqual(["--ray-address", "auto", "--advertise-host", "10.0.0.5", "--workers-port", "1234", "--data-ports", "20000-20999"]);
  expect((await plan({}, { SAGE_RAY_ADDRESS: "ray://other:10001" })).words!.slice(0, 2)).toEqual(["--ray-address", "ray://other:10001"]);
  expect((await plan({ "ray-address": "off" })).words!.slice(0, 2)).toEqual(["--ray-address", ""]);
});

test("where workers go is said only where it is not what the daemon does by itself", async () => {
  await writeFile(join(home, "config.yaml"), "ray: { address: \"http://base:8265\", placement: pack }\n");
  expect((await plan()).words).toEqual(["--ray-address", "http://base:8265", "--ray-placement", "pack"]);
  expect((await plan({ "ray-placement": "spread" })).words).toEqual(["--ray-address", "http://base:8265", "--ray-placement", "spread"]);
});

test("the checkpoint store goes by the environment, with its paths made absolute", async () => {
  const { env, words } = await plan();
  expect(env).toMatchObject({ SAGE_CHECKPOINTS_STORE: "s3://bucket/sage", AWS_SHARED_CREDENTIALS_FILE: join(home, "s3") });
  expect(words!.join(" ")).not.toContain("s3");
});

test("a folder for checkpoints, and how many stay, go the same way", async () => {
  await writeFile(join(home, "config.yaml"), "checkpoints: { store: ~/state, keep: 5 }\n");
  expect((await plan()).env).toMatchObject({ SAGE_CHECKPOINTS_STORE: "~/state", SAGE_CHECKPOINTS_KEEP: "5" });
});

test("without a configuration nothing is said, and the daemon decides", async () => {
  await rm(join(home, "config.yaml"));
  expect(await plan()).toMatchObject({ port: 19_001, httpPort: undefined, words: [] });
});
