import { toShell } from "@sage/core";
import { expect, test } from "vitest";
import { rayJoin, rayStartHead, rayStatus, rayStop, rayVersion } from "./commands.ts";
import { RayCommandError } from "./errors.ts";

const venv = { venv: "/opt/sage/ray-2.60.0/" };

test("a head with nothing said listens on Ray's own ports, its dashboard on loopback", () => {
  expect(toShell(rayStartHead({ program: venv }))).toBe(
    "env GRPC_ENABLE_FORK_SUPPORT=0 RAY_process_group_cleanup_enabled=1 /opt/sage/ray-2.60.0/bin/ray start --head --port 6379"
    + " --ray-client-server-port 10001 --include-dashboard true --dashboard-host 127.0.0.1 --dashboard-port 8265 --disable-usage-stats",
  );
});

test("a head with everything said", () => {
  const command = rayStartHead({
    program: { rayCommand: "/usr/bin/ray" }, port: 6380, clientServerPort: 10002, dashboardPort: 8266, dashboardHost: "0.0.0.0",
    healthCheck: { periodMs: 1_000, timeoutMs: 900, failures: 3 }, tokenPath: "/home/sage/.ray token", env: { https_proxy: "http://proxy:3128" },
    nodeAddress: "10.0.0.1", nodeName: "head", tempDir: "/var/tmp/ray", cpus: 4, gpus: 1, memoryBytes: 8e9, objectStoreBytes: 2e9, resources: { ssd: 2 }, labels: { zone: "a b" },
    ports: { nodeManager: 1, objectManager: 2, runtimeEnvAgent: 3, dashboardAgentGrpc: 4, dashboardAgentHttp: 5, metricsExport: 6, minWorker: 7, maxWorker: 8 }, block: true,
  });
  expect(command.env).toEqual({
    GRPC_ENABLE_FORK_SUPPORT: "0", RAY_process_group_cleanup_enabled: "1", RAY_AUTH_MODE: "token", RAY_AUTH_TOKEN_PATH: "/home/sage/.ray token", https_proxy: "http://proxy:3128",
    RAY_health_check_initial_delay_ms: "1000", RAY_health_check_period_ms: "1000", RAY_health_check_timeout_ms: "900", RAY_health_check_failure_threshold: "3",
  });
  expect(toShell({ ...command, env: {} })).toBe(
    "/usr/bin/ray start --head --port 6380 --ray-client-server-port 10002 --include-dashboard true --dashboard-host 0.0.0.0 --dashboard-port 8266"
    + " --node-ip-address 10.0.0.1 --node-name head --temp-dir /var/tmp/ray --node-manager-port 1 --object-manager-port 2 --runtime-env-agent-port 3"
    + " --dashboard-agent-grpc-port 4 --dashboard-agent-listen-port 5 --metrics-export-port 6 --min-worker-port 7 --max-worker-port 8"
    + " --num-cpus 4 --num-gpus 1 --memory 8000000000 --object-store-memory 2000000000 --resources '{\"ssd\":2}' --labels '{\"zone\":\"a b\"}' --disable-usage-stats --block",
  );
});

test("a worker joins by the head's address, in a conda environment by name or path", () => {
  expect(toShell(rayJoin({ program: { condaEnv: "sage" }, headAddress: "base:6379", cpus: 8 }))).toBe(
    "env RAY_process_group_cleanup_enabled=1 conda run --no-capture-output --name sage ray start --address base:6379 --num-cpus 8 --disable-usage-stats",
  );
  expect(rayVersion({ condaEnv: "/envs/s", condaCommand: "/opt/conda/bin/conda" }).words).toEqual(["/opt/conda/bin/conda", "run", "--no-capture-output", "--prefix", "/envs/s", "ray", "--version"]);
});

test("stop and status", () => {
  expect(toShell(rayStop({ program: venv }))).toBe("/opt/sage/ray-2.60.0/bin/ray stop");
  expect(toShell(rayStop({ program: venv, force: true, graceSeconds: 5 }))).toBe("/opt/sage/ray-2.60.0/bin/ray stop --force --grace-period 5");
  expect(toShell(rayStatus({ program: venv, address: "base:6379", tokenPath: "/t" }))).toBe("env RAY_AUTH_MODE=token RAY_AUTH_TOKEN_PATH=/t /opt/sage/ray-2.60.0/bin/ray status --address base:6379");
});

test("nothing that a value holds reaches the shell as more than that value", () => {
  const shell = toShell(rayJoin({ program: { rayCommand: "/opt/my ray/bin/ray" }, headAddress: "a; rm -rf /", nodeName: "$(id)", resources: { "it's": 1 }, env: { P: "`x`" } }));
  expect(shell).toBe("env RAY_process_group_cleanup_enabled=1 P='`x`' '/opt/my ray/bin/ray' start --address 'a; rm -rf /' --node-name '$(id)' --resources '{\"it'\\''s\":1}' --disable-usage-stats");
});

test.each([["relative/dir"], ["~/ray"], [`/${"d".repeat(44)}`]])("the temp dir %s is refused: Ray's sockets would not fit, or lie elsewhere", (tempDir) => {
  expect(() => rayStartHead({ program: venv, tempDir })).toThrow(RayCommandError);
});
