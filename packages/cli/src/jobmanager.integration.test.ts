import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { processFacts } from "./local-daemon/process-facts.ts";
import { ended, SageHome, says } from "./testing/sage-process.ts";

const recordOf = async (home: SageHome) => JSON.parse(await readFile(join(home.folder, "run/jobmanager.json"), "utf8")) as { pid: number; port: number };

test("a daemon starts, is healthy, is not started twice, and stops; each command says so", async () => {
  await using home = await SageHome.make();
  expect(await home.sage("jobmanager", "status", "--port", "1")).toMatchObject({ code: 4, stdout: expect.stringContaining("down"), stderr: expect.stringContaining("sage jobmanager start") });

  const started = await home.sage("jobmanager", "start", "--port", "0");
  const { pid, port } = await recordOf(home);
  expect(started).toMatchObject({ code: 0, stdout: `JobManager started at 127.0.0.1:${port} (pid ${pid}, home ${home.folder})\n`, stderr: expect.stringContaining(`sage run FILE --remote --port ${port}`) });
  expect(await home.sage("jobmanager", "start", "--port", "0")).toMatchObject({ code: 0, stdout: expect.stringContaining(`runs already at 127.0.0.1:${port}`) });
  expect((await recordOf(home)).pid).toBe(pid);

  const status = await home.sage("jobmanager", "status", "--json");
  expect(status).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(status.stdout)).toMatchObject({ healthy: true, host: "127.0.0.1", port, pid, home: home.folder, startedAt: expect.stringMatching(/^\d{4}-.*Z$/) });

  expect(await home.sage("jobmanager", "logs")).toMatchObject({ code: 0, stdout: expect.stringMatching(/./) }); // no cluster is configured: this machine's
  expect(await home.sage("jobmanager", "logs", "--remote")).toMatchObject({ code: 2, stderr: expect.stringContaining("head.host") });

  expect(await home.sage("jobmanager", "stop")).toMatchObject({ code: 0, stdout: expect.stringContaining(`pid ${pid}) stopped`) });
  expect(await processFacts(pid)).toBeUndefined();
  expect(await home.sage("jobmanager", "stop", "--json")).toMatchObject({ code: 0, stdout: expect.stringContaining('"stopped": false') });
});

test("a dry run says what would be done, and changes nothing", async () => {
  await using home = await SageHome.make();
  expect(await home.sage("jobmanager", "start", "--dry-run", "--host", "0.0.0.0", "--port", "1234")).toMatchObject({ code: 0, stdout: `would start a JobManager at 0.0.0.0:1234 (home ${home.folder})\n` });
  expect(await home.sage("jobmanager", "stop", "--dry-run")).toMatchObject({ code: 0, stdout: expect.stringContaining("no JobManager runs") as string });
  expect(await readdir(home.folder)).toEqual([]);
  await home.startDaemon();
  const { pid } = await recordOf(home);
  expect((await home.sage("jobmanager", "start", "--dry-run")).stdout).toContain("runs already");
  expect((await home.sage("jobmanager", "stop", "--dry-run")).stdout).toContain(`would stop the JobManager at 127.0.0.1:`);
  expect(JSON.parse((await home.sage("jobmanager", "restart", "--dry-run", "--json")).stdout)).toEqual({ planned: expect.stringContaining("and start it again") as string });
  expect((await recordOf(home)).pid).toBe(pid);
  expect(await processFacts(pid)).toBeDefined();
});

test("restart keeps the address, also behind a daemon that was killed", async () => {
  await using home = await SageHome.make();
  await home.startDaemon();
  const first = await recordOf(home);
  expect((await home.sage("jobmanager", "restart")).code).toBe(0);
  const second = await recordOf(home);
  expect(second).toMatchObject({ port: first.port });
  expect(second.pid).not.toBe(first.pid);
  process.kill(second.pid, "SIGKILL");
  expect((await home.sage("jobmanager", "restart")).code).toBe(0);
  expect(await recordOf(home)).toMatchObject({ port: first.port });
});

test("a daemon that was killed counts as down, and is started again", async () => {
  await using home = await SageHome.make();
  await home.startDaemon();
  const { pid } = await recordOf(home);
  process.kill(pid, "SIGKILL");
  expect((await home.sage("jobmanager", "status")).code).toBe(4);
  expect(await home.sage("jobmanager", "start", "--port", "0")).toMatchObject({ code: 0, stdout: expect.stringContaining("started") });
});

test("stop ends only the process that the record means: one that got its pid lives on", async () => {
  await using home = await SageHome.make();
  await mkdir(join(home.folder, "run"), { recursive: true });
  const bystander = { pid: process.pid, host: "127.0.0.1", port: 1, startedAtMs: Date.now(), version: "0.1.0", home: home.folder };
  await writeFile(join(home.folder, "run/jobmanager.json"), JSON.stringify(bystander));
  expect(await home.sage("jobmanager", "stop")).toMatchObject({ code: 0, stdout: expect.stringContaining("no JobManager runs") });
});

test("a daemon that does not end by itself is killed behind its deadline", async () => {
  await using home = await SageHome.make();
  await home.startDaemon();
  const { pid } = await recordOf(home);
  process.kill(pid, "SIGSTOP");
  const { code, stdout } = await home.sage("jobmanager", "stop", "--timeout", "200ms", "--json");
  expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 0, stopped: true, pid, killed: true });
  expect(await processFacts(pid)).toBeUndefined();
});

test("a port that something else holds is named with its owner, exit code 1", async () => {
  await using home = await SageHome.make();
  const server = createServer((socket) => socket.resume()).listen(0, "127.0.0.1"); // takes calls, never answers
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    const { port } = server.address() as { port: number };
    const { code, stdout, stderr } = await home.sage("jobmanager", "start", "--port", String(port));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`port ${port} of 127.0.0.1 is taken${process.platform === "linux" ? ` by pid ${process.pid} (` : ""}`);
    expect(stderr).toMatch(/next: .*--port/);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test("a daemon of another home at the same port is named, exit code 1", async () => {
  await using pair = await homes();
  const [other, home] = pair;
  await other.startDaemon();
  const { pid } = await recordOf(other);
  const { code, stderr } = await home.sage("jobmanager", "start", ...other.daemon);
  expect(code).toBe(1);
  expect(stderr).toContain(`pid ${pid}, home ${other.folder}`);
});

test("a daemon that cannot start is an error with its own words", async () => {
  await using home = await SageHome.make();
  const cert = join(home.folder, "cert.pem");
  await writeFile(join(home.folder, "config.yaml"), "daemon: { tls: { cert_file: cert.pem, key_file: cert.key } }\n");
  const { code, stderr } = await home.sage("jobmanager", "start", "--host", "0.0.0.0", "--port", "0");
  expect(code).toBe(1);
  expect(stderr).toMatch(/did not start \(exit code 1\)/);
  expect(stderr).toContain(`${cert} cannot be used for TLS: there is no such file`);
  expect(stderr).not.toMatch(/node:internal/);
});

test("a daemon that is open to others makes itself a token and a certificate; who has both gets in, who has one does not", async () => {
  await using pair = await homes();
  const [home, other] = pair;
  const started = await home.sage("jobmanager", "start", "--host", "0.0.0.0", "--port", "0");
  expect(started).toMatchObject({ code: 0, stderr: expect.stringContaining("daemon.tls.ca_file") as string });
  expect(started.stderr).not.toContain("clear text");
  const port = String((await recordOf(home)).port);
  expect(await home.sage("jobmanager", "start", "--host", "0.0.0.0", "--port", port)).toMatchObject({ code: 0, stdout: expect.stringContaining("runs already") as string });
  expect((await home.sage("jobmanager", "status")).stdout).toMatch(/healthy[\s\S]*Security: +TLS/);
  expect((await home.sage("job", "list", "--port", port)).code).toBe(0);
  for (const file of ["token", "tls/ca.key", "tls/daemon.key"]) expect((await stat(join(home.folder, file))).mode & 0o777).toBe(0o600);

  const address = Object.values(networkInterfaces()).flatMap((all) => all ?? []).find(({ internal, family }) => !internal && family === "IPv4")?.address ?? "127.0.0.1";
  const list = (...more: string[]) => other.sage("job", "list", "--host", address, "--port", port, ...more);
  await copyFile(join(home.folder, "tls/ca.pem"), join(other.folder, "ca.pem"));
  await writeFile(join(other.folder, "config.yaml"), "daemon: { tls: { mode: on, ca_file: ca.pem } }\n");
  expect(await list()).toMatchObject({ code: 1, stderr: expect.stringContaining("the call carries no valid token") as string });
  await copyFile(join(home.folder, "token"), join(other.folder, "token"));
  expect((await list()).code).toBe(0);
  await rm(join(other.folder, "config.yaml"));
  expect(await list()).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/speaks TLS, and was called in clear text|is not sent to .* in clear text/) as string });
  await writeFile(join(other.folder, "config.yaml"), "daemon: { tls: { mode: on } }\n");
  expect(await list()).toMatchObject({ code: 1, stderr: expect.stringMatching(/nobody who is trusted here vouches for its certificate[\s\S]*next: .*daemon.tls.ca_file/) as string });
  // A restart keeps what callers trust.
  expect((await home.sage("jobmanager", "restart")).code).toBe(0);
  await writeFile(join(other.folder, "config.yaml"), "daemon: { tls: { mode: on, ca_file: ca.pem } }\n");
  expect((await list()).code).toBe(0);
});

test("clear text beyond loopback is a choice, and is said to be one", async () => {
  await using home = await SageHome.make();
  const started = await home.sage("jobmanager", "start", "--host", "0.0.0.0", "--port", "0", "--insecure");
  expect(started).toMatchObject({ code: 0, stderr: expect.stringContaining("warning: it listens on 0.0.0.0 in clear text") as string });
  expect((await home.sage("jobmanager", "status")).stdout).toMatch(/Security: +clear text/);
});

test("in the foreground it ends with Ctrl-C, in order", async () => {
  await using home = await SageHome.make();
  const child = home.spawn("jobmanager", "start", "--foreground", "--port", "0");
  const end = ended(child);
  await says(child, '"port"');
  const { pid } = await recordOf(home);
  child.kill("SIGINT");
  expect((await end).code).toBe(0);
  expect(await processFacts(pid)).toBeUndefined();
});

async function homes(): Promise<[SageHome, SageHome] & AsyncDisposable> {
  const pair: [SageHome, SageHome] = [await SageHome.make(), await SageHome.make()];
  return Object.assign(pair, { [Symbol.asyncDispose]: async () => { for (const home of pair) await home[Symbol.asyncDispose](); } });
}
