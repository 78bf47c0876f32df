import { expect, test } from "vitest";
import { ConfigError, formatFinding } from "./errors.ts";
import { isNokube, resolveConfig } from "./load.ts";
import { resolveNokube } from "./load-nokube.ts";
import { configFileOf } from "./read-file.ts";

/** Every problem of a text, as it is printed; empty if it loads. */
function problems(text: string, mode = 0o600): string[] {
  try {
    const file = configFileOf(text, "c.yaml", mode);
    if (isNokube(file)) resolveNokube(file, {});
    else resolveConfig(file, { env: {} });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.findings.map(formatFinding);
  }
}

const levels = ["a", "b", "c", "d", "e", "f", "g", "h"];
const bomb = levels.map((name, i) => `${name}: &${name} [${Array(9).fill(i === 0 ? "x" : `*${levels[i - 1] ?? ""}`).join(", ")}]`).join("\n");
const node = (more: string, url = "h:22") => `  - ssh_url: "${url}"\n${more}`;
const head = node("    role: head\n");

const broken: Readonly<Record<string, readonly [text: string, ...findings: string[]]>> = {
  "a key with a slip": ["head:\n  head_prot: 6379\n", 'c.yaml:2:3 head.head_prot: is not a known key; did you mean "head_port"?'],
  "a section with a slip": ["haed:\n  host: a\n", 'c.yaml:1:1 haed: is not a known key; did you mean "head"?'],
  "a key in camel case": ["ssh:\n  keyPath: ~/.ssh/id\n", 'c.yaml:2:3 ssh.keyPath: is not a known key; did you mean "key_path"?'],
  "the end of a key's name": ["head:\n  dashboard: 1\n", "c.yaml:2:3 head.dashboard: is not a known key; known keys here: host, name,"],
  "a short name of a key": ["worker:\n  dir: /tmp\n", 'c.yaml:2:3 worker.dir: is not a known key; did you mean "temp_dir"?'],
  "a key in another section": ["bind_host: a\n", "c.yaml:1:1 bind_host: is not a known key here; did you mean worker.bind_host?"],
  "a port of 0": ["daemon:\n  port: 0\n", "c.yaml:2:9 daemon.port: found 0, allowed: a port: an integer from 1 to 65535"],
  "a port of 70000": ["head: { head_port: 70000 }\n", "c.yaml:1:20 head.head_port: found 70000, allowed: a port: an integer from 1 to 65535"],
  "a port in quotes": ['daemon:\n  port: "19001"\n', 'c.yaml:2:9 daemon.port: found "19001", allowed: a port: an integer from 1 to 65535; write it without quotes'],
  "half a port": ["daemon:\n  port: 19001.5\n", "c.yaml:2:9 daemon.port: found 19001.5, allowed: a port"],
  "text for a number": ["ssh:\n  connect_timeout: soon\n", 'c.yaml:2:20 ssh.connect_timeout: found "soon", allowed: an integer from 1 to 3600 (seconds)'],
  "a number for a host": ["head:\n  host: 42\n", "c.yaml:2:9 head.host: found 42, allowed: a host name or an IP address; write it in quotes"],
  "a list for a section": ["head: [a, b]\n", "c.yaml:1:7 head: found a list of 2, allowed: a section of keys"],
  "a section for text": ["head:\n  host: { name: a }\n", "c.yaml:2:9 head.host: found a section, allowed: a host name"],
  "a choice with a slip": ["target: lokal\n", 'c.yaml:1:9 target: found "lokal", allowed: local or remote; did you mean "local"?'],
  "a host with a command": ['head:\n  host: "a; rm -rf /"\n', 'c.yaml:2:9 head.host: found "a; rm -rf /", allowed: a host name or an IP address'],
  "a host that is an option": ["head:\n  host: -oProxyCommand=x\n", 'c.yaml:2:9 head.host: found "-oProxyCommand=x", allowed: a host name'],
  "a host with a line break": ['head:\n  host: "a\\nb"\n', 'c.yaml:2:9 head.host: found "a\\u000ab", allowed: a host name'],
  "a user with a substitution": ['ssh:\n  user: "$(id)"\n', 'c.yaml:2:9 ssh.user: found "$(id)", allowed: a login name'],
  "a path with a line break": ['head:\n  temp_dir: "/tmp/a\\nb"\n', "c.yaml:2:13 head.temp_dir: found \"/tmp/a\\u000ab\", allowed: an absolute path"],
  "a path with NUL": ['ssh:\n  key_path: "/tmp/a\\0b"\n', "c.yaml:2:13 ssh.key_path: found \"/tmp/a\\u0000b\", allowed: a path without control characters"],
  "a relative path on a host": ["remote:\n  sage_home: sage\n", 'c.yaml:2:14 remote.sage_home: found "sage", allowed: an absolute path, or one that starts with ~/'],
  "workers as a number": ["workers_ssh_hosts: 3\n", 'c.yaml:1:20 workers_ssh_hosts: found 3, allowed: text such as "sage2:22,sage4:22", or a list of hosts'],
  "workers with a bad host": ['workers_ssh_hosts: "a:22,$(b):22"\n', 'c.yaml:1:20 workers_ssh_hosts: found "a:22,$(b):22", allowed: HOST[:PORT] separated by commas'],
  "a worker's port out of range, as text": ['workers_ssh_hosts: "a:22,b:70000"\n', 'c.yaml:1:20 workers_ssh_hosts: found "b:70000", allowed: a port from 1 to 65535'],
  "a worker's port out of range, in a list": ["workers_ssh_hosts:\n  - host: a\n    port: 70000\n", "c.yaml:3:11 workers_ssh_hosts.0.port: found 70000, allowed: a port"],
  "a worker without a host": ["workers_ssh_hosts:\n  - port: 22\n", "c.yaml:2:5 workers_ssh_hosts.0.host: is missing, allowed: a host name or an IP address"],
  "a worker's key with a slip": ["ssh:\n  workers:\n    - hots: a\n      host: b\n", 'c.yaml:3:7 ssh.workers.0.hots: is not a known key; did you mean "host"?'],
  "a worker twice": ["workers_ssh_hosts: [a, b, A:22]\n", 'c.yaml:1:27 workers_ssh_hosts.2: found "a:22" twice, allowed: each host once; remove one of the two'],
  "the head as a worker": ["head: { host: a }\nworkers_ssh_hosts: [a]\n", 'c.yaml:2:21 workers_ssh_hosts.0: found "a:22", which is the head; remove it from the workers: the head works too'],
  "one port for two": ["head:\n  head_port: 8265\n", "c.yaml:2:14 head.head_port: found port 8265, which head.dashboard_port has too; give each its own port"],
  "more workers than the limit": ["limits: { max_workers: 1 }\nworkers_ssh_hosts: a,b\n", "c.yaml:1:24 limits.max_workers: found 2 workers, allowed: at most 1"],
  "a named cluster that is not there": ["cluster: prd\nclusters: { prod: { head: { host: a } } }\n", 'c.yaml:1:10 cluster: found "prd", which is not a named cluster; did you mean "prod"?'],
  "a cluster's name with a dot": ["clusters: { a.b: {} }\n", 'c.yaml:1:13 clusters.a.b: found the name "a.b", allowed: names of letters, digits, `_` and `-`'],
  "a certificate without its key": ["daemon: { tls: { cert_file: c.pem } }\n", "c.yaml:1:29 daemon.tls.cert_file: is set without key_file; set both, or neither"],
  "a secret with two places": ["daemon: { token: { env: A, file: b } }\n", "c.yaml:1:18 daemon.token: found a secret (not shown), allowed: text, { env: NAME } or { file: PATH }"],
  "a tab": ["head:\n\thost: a\n", "c.yaml:2:1: found a tab, allowed: spaces before a key; replace the tab by two spaces"],
  "a key twice": ["head:\n  host: a\n  host: b\n", "c.yaml:3:3 head.host: is written twice; keep one of the two"],
  "a section twice": ["head: { host: a }\nssh: {}\nhead: { host: b }\n", "c.yaml:3:1 head: is written twice"],
  "__proto__": ["head:\n  __proto__: { polluted: true }\n", "c.yaml:2:3 head.__proto__: is not allowed as a key; rename it"],
  "constructor and prototype": ["constructor: { prototype: { a: 1 } }\n", "c.yaml:1:1 constructor: is not allowed as a key"],
  "a custom tag": ["head: !!js/function 'function(){}'\n", "c.yaml:1:7: Unresolved tag"],
  "a binary tag": ["head:\n  host: !!binary aGk=\n", "c.yaml:2:18 head.host: has the tag"],
  "an alias bomb": [bomb, "holds more than 50000 values, aliases written out"],
  "an alias without an anchor": ["head: *nowhere\n", "c.yaml:1:7"],
  "an alias of itself": ["head: &a { resources: *a }\n", "the alias *a has no anchor before it"],
  "nesting in flow style": ["[".repeat(20_000), "is nested deeper than 64 levels; write it flatter"],
  "nesting in block style": ["- ".repeat(20_000), "is nested deeper than 64 levels"],
  "a file of 2 MB": [`# ${"x".repeat(2_000_000)}`, "c.yaml: the file is larger than 1048576 bytes"],
  "a second document": ["head: { host: a }\n---\nhead: { host: b }\n", "c.yaml:2:1: holds a second document"],
  "a list as the whole file": ["- a\n- b\n", "c.yaml:1:1: found a list of 2, allowed: keys and values"],
  "a word as the whole file": ["hello\n", 'c.yaml:1:1: found "hello", allowed: keys and values'],
  "an open quote": ['head:\n  host: "a\n', "c.yaml:"],
  "an open bracket": ["workers_ssh_hosts: [a, b\n", "c.yaml:"],
  "a section as a key": ["{ a: 1 }: b\n", "c.yaml:1:1"],
  "NoKube without nodes": ["ray_spec: {}\n", "c.yaml:1:1 nodes: is missing, allowed: a list of at least one node"],
  "NoKube with no node": ["nodes: []\n", "c.yaml:1:8 nodes: found an empty list, allowed: a list of at least one node"],
  "NoKube without a head": [`nodes:\n${node("    role: worker\n")}`, "c.yaml:2:3 nodes: found no head, allowed: exactly one; give one node `role: head`"],
  "NoKube with two heads": [`nodes:\n${head}${node("    role: head\n", "g:22")}`, 'c.yaml:5:11 nodes.1.role: found a second head, allowed: exactly one; make it "worker"'],
  "NoKube with a host twice": [`nodes:\n${head}${node("    role: worker\n", "H")}`, 'c.yaml:4:14 nodes.1.ssh_url: found "h:22" twice, allowed: each host once'],
  "NoKube with a bad role": [`nodes:\n${head}${node("    role: worke\n", "g")}`, 'c.yaml:5:11 nodes.1.role: found "worke", allowed: head or worker; did you mean "worker"?'],
  "NoKube without ssh_url": [`nodes:\n${head}  - role: worker\n`, "c.yaml:4:5 nodes.1.ssh_url: is missing, allowed: HOST"],
  "NoKube with a port out of range": ["nodes:\n  - ssh_url: h:99999\n    role: head\n", 'c.yaml:2:14 nodes.0.ssh_url: found "h:99999", allowed: a port from 1 to 65535'],
  "NoKube above its limit": [`ray_spec: { max_workers: 0 }\nnodes:\n${head}${node("", "g")}`, "c.yaml:1:26 ray_spec.max_workers: found 1 workers, allowed: at most 0"],
  "NoKube with a password as a number": [`nodes:\n${head}    users: [{ userid: a, password: 123 }]\n`, "c.yaml:4:36 nodes.0.users.0.password: found a secret (not shown), allowed: text, { env: NAME } or { file: PATH }; write it in quotes"],
};

test("there are at least 40 broken files", () => {
  expect(Object.keys(broken).length).toBeGreaterThanOrEqual(40);
});

test.for(Object.entries(broken))("a broken file is refused with its place and reason: %s", ([, [text, ...expected]]) => {
  const found = problems(text);
  for (const finding of expected) expect(found).toContainEqual(expect.stringContaining(finding));
  expect(found.length).toBeGreaterThan(0);
  for (const line of found) expect(line).not.toMatch(/\n/);
});

test("all errors of a file come at once, in its order", () => {
  const text = 'head:\n  host: "a b"\n  head_prot: 1\ndaemon:\n  port: 0\nworkers_ssh_hosts: [x, x]\n';
  expect(problems(text)).toEqual([
    'c.yaml:2:9 head.host: found "a b", allowed: a host name or an IP address',
    'c.yaml:3:3 head.head_prot: is not a known key; did you mean "head_port"?',
    "c.yaml:5:9 daemon.port: found 0, allowed: a port: an integer from 1 to 65535",
    'c.yaml:6:24 workers_ssh_hosts.1: found "x:22" twice, allowed: each host once; remove one of the two',
  ]);
});

test("the error is the user's to mend, and carries its findings as data", () => {
  expect(() => resolveConfig(configFileOf("daemon:\n  port: 0\n", "c.yaml"), { env: {} })).toThrow(
    expect.objectContaining({ code: "SAGE_CONFIG", fault: "user", retryable: false, findings: [{ path: "c.yaml", line: 2, column: 9, key: "daemon.port", message: "found 0, allowed: a port: an integer from 1 to 65535" }] }),
  );
});

test("a secret in a file that others can read is refused, and not shown", () => {
  const text = "daemon:\n  token: canary-1\n";
  expect(problems(text, 0o644)).toEqual(["c.yaml:2:3 daemon.token: found a secret in a file that others can read (mode 0644); run: chmod 600 c.yaml"]);
  expect(problems(text, 0o600)).toEqual([]);
});

test("a key with nothing behind it counts as not set", () => {
  expect(problems("head:\nssh:\n  user:\n")).toEqual([]);
  expect(problems("")).toEqual([]);
  expect(problems("# nothing\n")).toEqual([]);
});
