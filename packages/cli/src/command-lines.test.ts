import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandSet } from "./command-table.ts";
import { optionsOf } from "./parser.ts";
import { capture } from "./testing/capture.ts";

let home: string;
beforeAll(async () => { home = await mkdtemp(join(tmpdir(), "sage-cli-")); });
afterAll(() => rm(home, { recursive: true, force: true }));
const env = () => ({ SAGE_HOME: home });

/** A port of loopback where nobody listens. */
async function freePort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

const required = (path: string) => (commandSet.commands.find((each) => each.path === path)?.args ?? []).filter((name) => !/[?.]/.test(name));
const every = commandSet.commands.map((each) => [each.path, each] as const);

describe.each(every)("sage %s", (path, entry) => {
  const words = path.split(" ");

  test("has help without configuration or network, which shows every option", async () => {
    const { code, stdout, stderr } = await capture([...words, "--help"], { env: { SAGE_CONFIG: "/nowhere" } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`Usage: sage ${path}`);
    for (const option of Object.keys(optionsOf(entry))) expect(stdout).toContain(`--${option}`);
  });

  test("refuses an unknown option with exit code 2, and proposes the near one", async () => {
    const { code, stdout, stderr } = await capture([...words, ...required(path).map(() => "x"), "--jsn"], { env: env() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(`error: unknown option '--jsn'\n  next: Did you mean --json? See \`sage ${path} --help\`.\n`);
  });

  test("refuses missing and superfluous arguments with exit code 2", async () => {
    if (required(path).length > 0) expect(await capture(words, { env: env() })).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(`missing required argument '${required(path)[0]}'`) });
    if (!(entry.args ?? []).some((name) => name.endsWith("..."))) {
      expect(await capture([...words, "a", "b", "c"], { env: env() })).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("too many arguments") });
    }
  });
});

describe.each(every.filter(([path, { onDaemon }]) => onDaemon && path.startsWith("job ") && path !== "job submit"))("sage %s without a daemon", (path) => {
  test("ends with exit code 4 and says how to start one", async () => {
    const port = await freePort();
    const { code, stdout, stderr } = await capture([...path.split(" "), ...required(path).map(() => "1"), "--port", port], { env: env() });
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toContain(`127.0.0.1:${port}`);
    expect(stderr).toContain("sage jobmanager start");
  });
});

test("a near command is proposed, at every level", async () => {
  expect(await capture(["jbo"])).toMatchObject({ code: 2, stderr: expect.stringMatching(/unknown command 'jbo'.*Did you mean job\?/s) });
  expect(await capture(["job", "lst"])).toMatchObject({ code: 2, stderr: expect.stringMatching(/Did you mean list\? See `sage job --help`/) });
  expect(await capture(["config", "shw"])).toMatchObject({ code: 2, stderr: expect.stringMatching(/Did you mean/) });
});

test("without a command, and for a bare group, the help is shown", async () => {
  const [bare, help] = [await capture([]), await capture(["--help"])];
  expect(bare.stdout).toBe(help.stdout);
  expect((await capture(["job"])).stdout).toContain("Usage: sage job");
});

test("--version, -v and version agree", async () => {
  expect((await capture(["--version"])).stdout).toBe("0.1.0\n");
  expect((await capture(["-v"])).stdout).toBe("0.1.0\n");
  expect((await capture(["version", "-o", "name"])).stdout).toBe("0.1.0\n");
  expect(JSON.parse((await capture(["version", "--json"])).stdout)).toMatchObject({ sage: "0.1.0", node: process.versions.node });
});

test("the version is that of the package", async () => {
  const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  expect(commandSet.version).toBe(version);
});

test("values that an option cannot have are refused with what is allowed", async () => {
  for (const [words, message] of [
    [["job", "list", "--port", "70000"], '--port: "70000" is not a whole number from 1 to 65535'],
    [["job", "list", "--status", "done"], '--status: "done" is not one of initializing, running'],
    [["job", "list", "--status", "running,faild"], "Did you mean failed?"],
    [["job", "list", "--status", "running,"], '--status: "" is not one of'],
    [["job", "list", "-o", "xml"], "Allowed choices are table, wide, json, yaml, name"],
    [["job", "list", "--json", "-o", "yaml"], "ask for two forms"],
    [["job", "cleanup", "--older-than", "5"], "is not a duration"],
    [["job", "logs", "1", "--tail", "-3"], "--tail"],
    [["run", "x.ts", "--param", "n"], "is not KEY=VALUE"],
    [["run", "x.ts", "--parallelism", "0"], "--parallelism"],
    [["completion", "tcsh"], "Choose bash, zsh or fish"],
  ] as const) {
    const { code, stderr } = await capture(words, { env: env() });
    expect({ words, code }).toEqual({ words, code: 2 });
    expect(stderr).toContain(message);
  }
});

test("with --json an error is one line of JSON on stderr, with its exit code", async () => {
  const { code, stdout, stderr } = await capture(["job", "list", "--json", "--port", await freePort()], { env: env() });
  expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: "SAGE_DAEMON_UNREACHABLE", exitCode: 4, hint: expect.stringContaining("sage jobmanager start") } });
});

test("a program that is not there ends with exit code 3", async () => {
  expect(await capture(["run", "nowhere.ts"], { env: env() })).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining("there is no file nowhere.ts") });
  expect(await capture(["job", "submit", "nowhere.ts"], { env: env() })).toMatchObject({ code: 3 });
  expect(await capture(["run", home], { env: env() })).toMatchObject({ code: 2, stderr: expect.stringContaining("is not a file") });
});

test("what may destroy running work asks, and without anybody to ask it is refused with exit code 2", async () => {
  const words = ["job", "cleanup", "--force", "--port", await freePort()];
  // The daemon comes first: without one there is nothing to ask about.
  expect((await capture(words, { env: env() })).code).toBe(4);
});

describe("sage config", () => {
  test("a bare one shows it, and works without a file", async () => {
    const { code, stdout, stderr } = await capture(["config"], { env: env() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^daemon:$/m);
    expect(stdout).toMatch(/^ {2}port: 19001$/m);
    expect(stderr).toContain("sage config init");
    expect((await capture(["config", "show"], { env: env() })).stdout).toBe(stdout);
    expect(JSON.parse((await capture(["config", "--json"], { env: env() })).stdout)).toMatchObject({ path: null, config: { daemon: { port: 19_001 } }, origins: { "daemon.port": "default" } });
  });

  test("init, set, get, show --origin, validate and --unset work on one file, and comments survive", async () => {
    const path = join(home, "c", "config.yaml");
    const here = { env: { SAGE_CONFIG: path } };
    expect(await capture(["config", "init"], { env: { SAGE_HOME: join(home, "c") } })).toMatchObject({ code: 0, stdout: `wrote ${path}\n` });
    expect((await capture(["config", "init"], here)).code).toBe(2);
    expect((await capture(["config", "set", "daemon.port", "19010"], here)).code).toBe(0);
    expect((await capture(["config", "get", "daemon.port"], here)).stdout).toBe("19010\n");
    expect((await capture(["config", "show", "--origin"], here)).stdout).toMatch(/^daemon\.port +19010 +.*config\.yaml:\d+:\d+$/m);
    expect((await capture(["config", "get", "daemon.port"], { env: { ...here.env, SAGE_DAEMON_PORT: "5" } })).stdout).toBe("5\n");
    expect((await capture(["config", "validate"], here)).stdout).toContain("is good");
    expect(await readFile(path, "utf8")).toContain("# ");
    expect((await capture(["config", "set", "daemon.port", "--unset"], here)).code).toBe(0);
    expect((await capture(["config", "get", "daemon.port"], here)).stdout).toBe("19001\n");
  });

  test("mistakes name the place and the near key, with exit code 2", async () => {
    const path = join(home, "broken.yaml");
    await writeFile(path, "daemon:\n  prot: 1\n", { mode: 0o600 });
    const { code, stderr } = await capture(["config", "validate", path], { env: env() });
    expect(code).toBe(2);
    expect(stderr).toMatch(/broken\.yaml:2:3 daemon\.prot: .*did you mean/);
    expect(await capture(["config", "get", "daemon.prot"], { env: env() })).toMatchObject({ code: 2 });
    expect(await capture(["config", "set", "daemon.port"], { env: env() })).toMatchObject({ code: 2, stderr: expect.stringContaining("a value is missing") });
    expect(await capture(["config", "docs", "nothing.here"], { env: env() })).toMatchObject({ code: 2 });
  });

  test("a secret is never shown", async () => {
    const path = join(home, "secret.yaml");
    await writeFile(path, "ssh:\n  password: hunter2\n", { mode: 0o600 });
    for (const words of [["config", "show"], ["config", "show", "--origin"], ["config", "--json"], ["config", "get", "ssh.password"], ["config", "set", "ssh.password", "hunter2", "--json"]]) {
      const { stdout, stderr } = await capture(words, { env: { SAGE_CONFIG: path } });
      expect(stdout + stderr).not.toContain("hunter2");
    }
  });

  test("docs explain every key, or one section", async () => {
    expect((await capture(["config", "docs"])).stdout).toContain("daemon.port");
    const { stdout } = await capture(["config", "docs", "daemon.port"]);
    expect(stdout).toMatch(/daemon\.port: .*\n.*allowed: .*\n.*default: 19001\n.*variable: SAGE_DAEMON_PORT/);
    expect(JSON.parse((await capture(["config", "docs", "--schema"])).stdout)).toMatchObject({ title: "Sage configuration" });
  });
});
