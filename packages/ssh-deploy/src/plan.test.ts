import { expect, test } from "vitest";
import type { HostFacts } from "./host-facts.ts";
import { parseProbe } from "./host-facts.ts";
import { describeStep, isOlder, planHost, type Wanted } from "./plan.ts";

const answer = [
  "clock\t1700000000500000000", "who\tsage\t2001\t/home/sage\t/bin/bash", "system\tLinux\tx86_64\t6.1.0\tnode1", "glibc\t2.36", "distribution\tDebian GNU/Linux 12 (bookworm)",
  "cpus\t8", "memory\t16000000\t12000000", "tools\ttar sha256sum flock setsid timeout awk python3 ", "current\treleases/aaaaaaaaaaaaaaaaaaaaaaaa", "runtime\tfeedbeef00000000",
  "process\tray-head\trunning\t42\t1700000000\tabcd\t42,43,\tray start --head", "dir\t~/.sage\tyes\tyes\t1048576\tno\t", "dir\t/var/tmp/ray\tno\tyes\t1048576\tno\t",
  "python\tpython3\t/usr/bin/python3\t3.11.2\t/usr/bin/python3\t2.60.0", "ray\tray\t/usr/local/bin/ray\t3.11.2\t/usr/bin/python3\t2.60.0",
  'port\t6379\tusers:(("gcs_server",pid=43,fd=3))', "end", "",
].join("\n");
const facts = parseProbe(answer, { sentAtMs: 1_700_000_000_000, heardAtMs: 1_700_000_000_100 });
const wanted: Wanted = {
  cluster: "default", sageHome: "~/.sage", dirs: [{ path: "~/.sage", minFreeBytes: 5 * 1024 ** 2 }], tempDirs: ["/var/tmp/ray"], ports: [{ port: 6379, purpose: "Ray" }],
  node: { minMajor: 20, arch: "x86_64", hash: "feedbeef00000000" }, ray: { version: "2.60.0", venv: "~/.sage/venv" }, release: { root: "~/.sage/app", id: "a".repeat(24) },
};
const planned = (change: Partial<HostFacts> = {}, want: Partial<Wanted> = {}) => {
  const { steps, problems } = planHost({ ...facts, ...change }, { ...wanted, ...want });
  return { steps: steps.map(({ kind }) => kind), problems: problems.map(({ what, blocks }) => `${blocks ? "" : "warning: "}${what}`) };
};

test("a probe's answer is read as facts", () => {
  expect(facts).toMatchObject({
    user: "sage", hostName: "node1", glibc: "2.36", cpus: 8, clockOffsetMs: 450, clockErrorMs: 50, currentRelease: "a".repeat(24), runtimes: ["feedbeef00000000"], node: undefined,
    portsInUse: [{ port: 6379, process: { name: "gcs_server", pid: 43 } }], rays: [{ rayVersion: "2.60.0" }], processes: [{ name: "ray-head", pid: 42, members: [42, 43], running: true }],
  });
  expect(() => parseProbe(answer.slice(0, 300), { sentAtMs: 0, heardAtMs: 0 })).toThrow(/not whole/);
});

test("a host that is right but for a mark gets one step, and none once that is done", () => {
  expect(planned()).toEqual({ steps: ["mark-temp-dir"], problems: [] });
  const marked = facts.dirs.map((dir) => (dir.path === "/var/tmp/ray" ? { ...dir, exists: true, mark: "default" } : dir));
  expect(planned({ dirs: marked })).toEqual({ steps: [], problems: [] });
});

test("an empty host gets everything, in an order that works", () => {
  expect(planned({ currentRelease: undefined, runtimes: [], rays: [], dirs: facts.dirs.map((dir) => ({ ...dir, exists: false })) })).toEqual({
    steps: ["make-dir", "mark-temp-dir", "ship-node", "install-ray", "ship-release", "switch-release"], problems: [],
  });
});

test("what cannot be put right is a problem with its fix", () => {
  const dirs = (change: object) => facts.dirs.map((dir) => ({ ...dir, ...change }));
  expect(planned({ dirs: dirs({ writable: false }) }).problems).toEqual(["sage may not write ~/.sage", "sage may not write /var/tmp/ray"]);
  expect(planned({ dirs: dirs({ freeBytes: 0 }) }).problems).toEqual(["~/.sage has 0 MiB free, 5 MiB are needed"]);
  expect(planned({ dirs: dirs({ isLink: true }) }).problems).toEqual(["/var/tmp/ray is a symbolic link"]);
  expect(planned({ dirs: dirs({ mark: "theirs" }) }).problems).toEqual(["/var/tmp/ray belongs to the cluster theirs"]);
  expect(planned({ system: "Darwin" }).problems).toEqual(["it runs Darwin"]);
  expect(planned({ tools: ["tar"] }).problems[0]).toBe("it lacks sha256sum, flock, setsid, timeout, awk");
  expect(planned({ runtimes: [], arch: "aarch64" }).problems[0]).toMatch(/no Node 20, and its processor/);
  expect(planned({ runtimes: [], glibc: "2.17" }).problems[0]).toMatch(/glibc 2.17.* too old/);
  expect(planned({ runtimes: [], glibc: undefined }).problems[0]).toMatch(/not glibc/);
  expect(planned({ rays: [{ ...facts.rays[0]!, rayVersion: "2.9.0" }] }).problems[0]).toMatch(/is Ray 2.9.0; 2.60.0 is wanted/);
  expect(planned({ rays: [], pythons: [{ ...facts.pythons[0]!, version: "3.6.8" }] }).problems[0]).toMatch(/no Python 3.9/);
  expect(planned({ clockOffsetMs: -9_000 }).problems).toEqual(["warning: its clock is 8.9 s behind"]);
});

test("a port is taken only by what Sage did not start there", () => {
  expect(planned({ processes: [] }).problems).toEqual(["port 6379, for Ray, is in use by gcs_server (process 43)"]);
  expect(planned({ portsInUse: [{ port: 6379, process: undefined }] }).problems).toEqual(["port 6379, for Ray, is in use by a process of another user"]);
  expect(planned({}, { ports: [{ port: 8265, purpose: "the dashboard" }] }).problems).toEqual([]);
});

test("a Node of the host is taken if it is new enough", () => {
  expect(planned({ runtimes: [], node: { path: "/usr/bin/node", version: "22.1.0" } }).steps).not.toContain("ship-node");
  expect(planned({ runtimes: [], node: { path: "/usr/bin/node", version: "18.20.0" } }).steps).toContain("ship-node");
});

test("versions are compared by number, steps are told in words", () => {
  expect([isOlder("3.9", "3.10"), isOlder("3.10", "3.9"), isOlder("2.28", "2.28"), isOlder("2", "2.1")]).toEqual([true, false, false, true]);
  expect(planHost(facts, wanted).steps.map(describeStep)).toEqual(["mark /var/tmp/ray as the cluster's"]);
});
