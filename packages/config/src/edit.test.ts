import { mkdtemp, readFile, rm, stat, symlink, writeFile, lstat, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { getValue, setValue, unsetValue } from "./edit.ts";
import { addWorker, removeWorker } from "./edit-workers.ts";
import { initConfig, initText } from "./init.ts";
import { loadConfig } from "./load.ts";
import { loadCluster } from "./load-cluster.ts";
import { convertConfig } from "./convert-file.ts";
import { writeConfigFile } from "./write-file.ts";

const start = `# top comment
head:
  host: "base-sage"              # the head
  # 6379 is Ray's own
  head_port: 6379

# the workers
workers_ssh_hosts: "sage2:22,sage4:22"  # two of them

ssh:   # how
    user: 'sage'
`;

async function configured(text: string) {
  const dir = await mkdtemp(join(tmpdir(), "sage-edit-"));
  const path = join(dir, "config.yaml");
  await writeFile(path, text, { mode: 0o600 });
  return {
    dir,
    path,
    target: { path, env: {} },
    text: () => readFile(path, "utf8"),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}

test("setting a value changes that value and nothing else", async () => {
  await using file = await configured(start);
  await setValue(file.target, "head.host", "other");
  await setValue(file.target, "head.head_port", "6380");
  await setValue(file.target, "ssh.user", "ops");
  expect(await file.text()).toBe(start.replace('"base-sage"', '"other"').replace("port: 6379", "port: 6380").replace("'sage'", "'ops'"));
});

test("a new key goes behind the last one of its section, a new section to the end", async () => {
  await using file = await configured(start);
  await setValue(file.target, "head.dashboard_port", "8266");
  await setValue(file.target, "ssh.connect_timeout", 5);
  await setValue(file.target, "daemon.tls.ca_file", "ca.pem");
  expect(await file.text()).toBe(`${start.replace("  head_port: 6379\n", "  head_port: 6379\n  dashboard_port: 8266\n")}    connect_timeout: 5\ndaemon:\n  tls:\n    ca_file: ca.pem\n`);
});

test("removing a value removes its line and leaves the comments around it", async () => {
  await using file = await configured(start);
  expect(await unsetValue(file.target, "head.head_port")).toMatchObject({ changed: true, before: 6379 });
  expect(await file.text()).toBe(start.replace("  head_port: 6379\n", ""));
  expect(await unsetValue(file.target, "head.head_port")).toMatchObject({ changed: false });
});

test.for([
  ["flow style", "head: { host: a, head_port: 1 } # flow\nssh: {user: x}\n", "head.host", "b"],
  ["a section with nothing in it", "head:\n  # host: later\nssh:\n  user: x\n", "head.host", "b"],
  ["an empty file", "", "head.host", "b"],
  ["only comments", "# nothing yet\n", "head.host", "b"],
  ["no line break at the end", "head:\n  host: a", "head.log_dir", "/var/log/x"],
  ["a list", "project: # mine\n  # what is shipped\n  include:\n    - a\n    - b\n  root: . # here\n", "project.include", "[x, 'y: z']"],
  ["a named cluster", "clusters:\n  prod: # p\n    head:\n      host: a\n", "clusters.prod.ssh.user", "ops"],
  ["an element of a list", "ssh:\n  workers:\n    - host: a # A\n      port: 22\n    - b\n", "ssh.workers.0.port", "23"],
  ["a value that needs quotes", "head:\n  host: a\n", "head.log_dir", "/var/log/#1: x"],
  ["a secret's place", "head:\n  host: a\n", "daemon.token", "{ env: SAGE_TOKEN }"],
])("a value can be set in %s, and its comments survive", async ([, text = "", key = "", value = ""]) => {
  await using file = await configured(text);
  const result = await setValue(file.target, key, value);
  expect(result).toMatchObject({ changed: true, key });
  const after = await file.text();
  for (const comment of text.match(/#.*/g) ?? []) expect(after).toContain(comment);
  expect((await setValue(file.target, key, value)).changed).toBe(false);
});

test("what does not fit is refused and nothing is written", async () => {
  await using file = await configured(start);
  const refused = async (key: string, value: unknown, reason: RegExp) => {
    await expect(setValue(file.target, key, value)).rejects.toThrow(reason);
  };
  await refused("head.head_port", "70000", /head\.head_port: found 70000, allowed: a port/);
  await refused("head.head_port", "8265", /found port 8265, which head\.dashboard_port has too/);
  await refused("head.prot", "1", /head\.prot: is not a known key/);
  await refused("head", "a", /is a section; set one of its keys: host,/);
  await refused("head.host", "a; rm -rf /", /allowed: a host name/);
  await refused("head.__proto__.polluted", "1", /is not a known key/);
  await refused("workers_ssh_hosts", "a,a", /twice/);
  expect(await file.text()).toBe(start);
});

test("a file that is wrong elsewhere can be mended step by step", async () => {
  await using file = await configured("head:\n  host: 'a b'\ndaemon:\n  port: 0\n");
  await setValue(file.target, "daemon.port", "19001");
  await expect(setValue(file.target, "daemon.http_port", "0")).rejects.toThrow(/daemon\.http_port: found 0/);
  await setValue(file.target, "head.host", "a");
  expect((await loadConfig(file.target)).value).toMatchObject({ head: { host: "a" }, daemon: { port: 19_001 } });
});

test("the file is written whole, for its owner alone, through a link", async () => {
  await using file = await configured(start);
  const link = join(file.dir, "link.yaml");
  await symlink(file.path, link);
  await setValue({ path: link, env: {} }, "head.host", "other");
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect((await stat(file.path)).mode & 0o777).toBe(0o600);
  expect(await readdir(file.dir)).toEqual(["config.yaml", "link.yaml"]);
  await expect(writeConfigFile(file.path, "new", "something else")).rejects.toMatchObject({ code: "SAGE_CONFIG_CHANGED" });
  expect(await file.text()).toContain("other");
});

test("a value or a section can be read, with its origin", async () => {
  await using file = await configured(start);
  const loaded = await loadConfig(file.target);
  expect(getValue(loaded, "head.head_port")).toMatchObject({ value: 6379, origin: { from: "file", line: 5 } });
  expect(getValue(loaded, "worker")).toMatchObject({ value: { bind_host: "localhost" } });
  expect(() => getValue(loaded, "head.prot")).toThrow(/is not a known key/);
});

test.for([
  ["text", 'head: { host: h }\nworkers_ssh_hosts: "a:22" # mine\n', 'head: { host: h }\nworkers_ssh_hosts: "a:22,b:2222" # mine\n'],
  ["a list", "workers_ssh_hosts:\n  - a # A\n", "workers_ssh_hosts:\n  - a # A\n  - b:2222\n"],
  ["ssh.workers", "ssh:\n  workers:\n    - host: a # A\n      port: 22\n  user: x\n", "ssh:\n  workers:\n    - host: a # A\n      port: 22\n    - b:2222\n  user: x\n"],
  ["nothing", "head: { host: h }\n", "head: { host: h }\nworkers_ssh_hosts: b:2222\n"],
])("a worker is added to the list in use (%s) and removed from it again", async ([, before = "", after = ""]) => {
  await using file = await configured(before);
  expect(await addWorker(file.target, "b:2222")).toMatchObject({ changed: true });
  expect(await file.text()).toBe(after);
  expect(await addWorker(file.target, "b:2222")).toMatchObject({ changed: false });
  expect(await removeWorker(file.target, "B:2222")).toMatchObject({ changed: true });
  expect(await removeWorker(file.target, "b:2222")).toMatchObject({ changed: false });
  expect(await file.text()).toBe(before === "head: { host: h }\n" ? `${before}workers_ssh_hosts: ""\n` : before);
});

test("adding workers respects the limit, and named clusters", async () => {
  await using file = await configured("clusters:\n  prod:\n    head: { host: h }\n    limits: { max_workers: 1 }\n");
  await addWorker({ ...file.target, cluster: "prod" }, "a");
  await expect(addWorker({ ...file.target, cluster: "prod" }, "b")).rejects.toThrow(/found 2 workers, allowed: at most 1/);
  const { cluster } = await loadCluster({ ...file.target, cluster: "prod" });
  expect(cluster.workers.map((one) => one.host)).toEqual(["a"]);
  await expect(addWorker(file.target, "-oProxyCommand=x")).rejects.toThrow(/allowed: HOST or HOST:PORT/);
});

test("init writes a file that loads, with its schema beside it, and replaces one only when told", async () => {
  await using file = await configured("x");
  await rm(file.path);
  const values = { "head.host": "base-sage", workers_ssh_hosts: "sage2:22,sage4:22", "ssh.user": "sage" };
  await initConfig({ ...file.target, values });
  expect((await loadConfig(file.target)).value).toMatchObject({ head: { host: "base-sage" }, workers_ssh_hosts: "sage2:22,sage4:22", ssh: { user: "sage" } });
  expect((await file.text()).split("\n")[0]).toBe("# yaml-language-server: $schema=./sage.schema.json");
  expect(JSON.parse(await readFile(join(file.dir, "sage.schema.json"), "utf8"))).toMatchObject({ title: "Sage configuration" });
  await expect(initConfig(file.target)).rejects.toThrow(/is there already; `sage config init --force`/);
  expect(await initConfig({ ...file.target, force: true })).toMatchObject({ backupPath: `${file.path}.bak` });
  expect(await file.text()).toBe(initText());
  expect((await loadConfig(file.target)).value.head.host).toBeUndefined();
});

test("every line of the template can be uncommented", async () => {
  await using file = await configured(initText().replaceAll(/^( *)# ([a-z_]+: )/gm, "$1$2"));
  expect((await loadConfig(file.target)).value).toMatchObject({ head: { host: "base-sage" }, ssh: { user: "sage" }, daemon: { port: 19_001 } });
  await setValue(file.target, "head.host", "h");
  await using fresh = await configured(initText());
  await setValue(fresh.target, "head.host", "h");
  await setValue(fresh.target, "ssh.user", "u");
  expect((await loadConfig(fresh.target)).value).toMatchObject({ head: { host: "h" }, ssh: { user: "u" } });
  for (const line of initText().split("\n")) expect(await fresh.text()).toContain(line);
});

test("only a NoKube file is converted", async () => {
  await using file = await configured(start);
  await expect(convertConfig({ path: file.path, env: {} })).rejects.toThrow(/is not a NoKube file/);
});
