import { expect, test } from "vitest";
import { configDocs, keyDocs } from "./docs.ts";

test("the reference names every key with its default, unit, example and variable", () => {
  const text = configDocs("sage");
  for (const doc of keyDocs("sage").filter((one) => !one.deprecated && !one.isSection)) expect(text).toContain(`**\`${doc.key}\`**`);
  expect(text).toContain("- **`ssh.connect_timeout`** How long a connection may take. Allowed: an integer from 1 to 3600 (seconds). Default: `10` seconds. Variable: `SAGE_SSH_CONNECT_TIMEOUT`.");
  expect(text).toContain("`workers_ssh_hosts[].host`");
  expect(text).not.toContain("force_reinstall");
});

test("the plain form holds the same keys, without marks", () => {
  const text = configDocs("nokube", "plain");
  for (const doc of keyDocs("nokube").filter((one) => !one.isSection)) expect(text).toContain(`  ${doc.key}\n`);
  expect(text).not.toContain("**");
});

test("all keys of the guides are known", () => {
  const keys = new Set(keyDocs("sage").map((doc) => doc.key));
  const guides = ["head.host", "head.head_port", "head.dashboard_port", "head.dashboard_host", "head.temp_dir", "head.log_dir", "head.ray_command", "head.python_path", "head.conda_env", "head.sage_home", "worker.bind_host", "worker.temp_dir", "worker.log_dir", "workers_ssh_hosts", "ssh.user", "ssh.key_path", "ssh.connect_timeout", "ssh.workers", "remote.sage_home", "remote.python_path", "remote.ray_command", "remote.conda_env", "daemon.host", "daemon.port"];
  expect(guides.filter((key) => !keys.has(key))).toEqual([]);
  const nokube = new Set(keyDocs("nokube").map((doc) => doc.key));
  const theirs = ["ray_spec.dashboard_port", "ray_spec.max_workers", "nodes[].ssh_url", "nodes[].name", "nodes[].role", "nodes[].ray_config.port", "nodes[].ray_config.dashboard_port", "nodes[].ray_config.num_cpus", "nodes[].ray_config.object_store_memory", "nodes[].storage.type", "nodes[].storage.path", "nodes[].users[].userid", "nodes[].users[].password", "nodes[].users[].sshkey", "nodes[].proxy.http_proxy"];
  expect(theirs.filter((key) => !nokube.has(key))).toEqual([]);
});
