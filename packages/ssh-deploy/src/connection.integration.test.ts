// Connections to real sshds, in a testbed: who gets in, who is refused, and what happens when the line breaks.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cmd, loggerTo, Secret } from "@sage/core";
import { startTestbed, testbedRefusal, type Testbed } from "../../../tests/testbed/start-testbed.ts";
import { connectSsh, type ConnectOptions } from "./connection.ts";
import { readKnownHosts } from "./known-hosts-file.ts";
import { HostOpener } from "./open-hosts.ts";
import { openTunnel } from "./tunnel.ts";

const refusal = testbedRefusal();
if (refusal !== undefined) console.log(`skipped: ${refusal}`);

describe.skipIf(refusal !== undefined)("SSH", () => {
  let bed: Testbed;
  let dir: string;
  let options: Omit<ConnectOptions, "logins"> & { readonly host: string };
  const key = () => ({ user: "sage", key: { from: "path", path: bed.facts.keyLogin.privateKey } }) as const;
  const connect = (change: Partial<ConnectOptions> = {}) => connectSsh({ ...options, logins: [key()], ...change });

  beforeAll(async () => {
    bed = await startTestbed({ hosts: 3, prefix: "sshd-", net: "10.231.50.0/24" });
    dir = await mkdtemp(join(tmpdir(), "sage-ssh-"));
    options = { host: bed.host(1).name, hostKeys: { entries: await readKnownHosts(bed.facts.knownHosts, []), path: join(dir, "known_hosts") }, agentSocket: "" };
  });
  afterAll(async () => {
    await bed?.[Symbol.asyncDispose]();
    if (dir) await rm(dir, { recursive: true, force: true });
  });

  describe("logs in", () => {
    const whoAmI = async (change: Partial<ConnectOptions>) => {
      await using host = await connect(change);
      return (await host.run(cmd(["id", "-un"]))).stdout.trim();
    };

    test("with a key file, and with the key's text", async () => {
      expect(await whoAmI({})).toBe("sage");
      const privateKey = new Secret(await readFile(bed.facts.keyLogin.privateKey, "utf8"));
      expect(await whoAmI({ logins: [{ user: "sage", key: { from: "text", privateKey } }] })).toBe("sage");
    });

    test("with an encrypted key, its passphrase configured or asked for; a wrong one says so", async () => {
      const path = join(dir, "encrypted");
      await copyFile(bed.facts.keyLogin.privateKey, path);
      await chmod(path, 0o600);
      execFileSync("ssh-keygen", ["-q", "-p", "-P", "", "-N", "open sesame", "-f", path]);
      const login = (passphrase?: string) => [{ user: "sage", key: { from: "path", path, ...(passphrase === undefined ? {} : { passphrase: new Secret(passphrase) }) } }] as const;
      expect(await whoAmI({ logins: login("open sesame") })).toBe("sage");
      const asked: string[] = [];
      expect(await whoAmI({ logins: login(), askPassphrase: (name) => Promise.resolve((asked.push(name), new Secret("open sesame"))) })).toBe("sage");
      expect(asked).toEqual([path]);
      await expect(connect({ logins: login("wrong") })).rejects.toMatchObject({ code: "SAGE_SSH_KEY", message: expect.stringContaining("does not open") as string });
      await expect(connect({ logins: login() })).rejects.toMatchObject({ code: "SAGE_SSH_KEY", message: expect.stringContaining("is encrypted") as string });
    });

    test("with an agent: any of its keys, or the one that is named", async () => {
      const agentSocket = join(dir, "agent");
      const agent = spawn("ssh-agent", ["-D", "-a", agentSocket], { stdio: ["ignore", "pipe", "inherit"] });
      try {
        await once(agent.stdout, "data");
        execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(dir, "other")]);
        for (const path of [join(dir, "other"), bed.facts.keyLogin.privateKey]) execFileSync("ssh-add", ["-q", path], { env: { ...process.env, SSH_AUTH_SOCK: agentSocket } });
        expect(await whoAmI({ agentSocket, usualKeyPaths: [], logins: [{ user: "sage" }] })).toBe("sage");
        const named = async (path: string) => [{ user: "sage", key: { from: "agent", publicKey: await readFile(`${path}.pub`, "utf8") } }] as const;
        expect(await whoAmI({ agentSocket, logins: await named(bed.facts.keyLogin.privateKey) })).toBe("sage");
        await expect(connect({ agentSocket, logins: await named(join(dir, "other")) })).rejects.toMatchObject({ code: "SAGE_SSH_LOGIN_REFUSED" });
      } finally {
        agent.kill();
      }
    });

    test("with a password, which is warned of and never shown", async () => {
      const warnings: string[] = [];
      const { user, password } = bed.facts.passwordLogin;
      expect(await whoAmI({ logins: [{ user, password: new Secret(password) }], onWarning: (text) => warnings.push(text) })).toBe(user);
      expect(warnings).toEqual([expect.stringMatching(/lets nokube in by password/)]);
      const error = await connect({ logins: [{ user, password: new Secret("s3cret-canary") }] }).catch((each: unknown) => each);
      expect(error).toMatchObject({ code: "SAGE_SSH_LOGIN_REFUSED" });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).cause)).not.toContain("s3cret-canary");
    });

    test("with the first of several users that is let in; a refusal names all of them", async () => {
      const { user, password } = bed.facts.passwordLogin;
      expect(await whoAmI({ logins: [{ user: "nobody-here", password: new Secret("x") }, { ...key(), user: "nokube" }, { user, password: new Secret(password) }] })).toBe("nokube");
      await expect(connect({ logins: [{ user: "nobody-here", password: new Secret("x") }, { ...key(), user: "nokube" }] })).rejects.toMatchObject({
        tried: expect.arrayContaining([expect.stringMatching(/^nobody-here: password was refused/), expect.stringMatching(/^nokube: key .* was refused/)]) as unknown,
      });
    });

    test("never with a key file that others can read", async () => {
      const path = join(dir, "open-key");
      await copyFile(bed.facts.keyLogin.privateKey, path);
      await chmod(path, 0o644);
      await expect(connect({ logins: [{ user: "sage", key: { from: "path", path } }] })).rejects.toMatchObject({ code: "SAGE_SSH_KEY", hint: `Run: chmod 600 ${path}` });
    });

    test("through a jump host that the SSH configuration names", async () => {
      const configPath = join(dir, "config");
      await writeFile(configPath, `Host inner\n  HostName ${bed.host(2).name}\n  User sage\n  ProxyJump sage@${bed.host(1).name}\n  IdentityFile ${bed.facts.keyLogin.privateKey}\n`);
      await using opener = new HostOpener({ configPath, knownHostsPath: bed.facts.knownHosts, agentSocket: "" });
      await using host = await opener.open({ name: "inner", host: "inner", logins: [{ key: key().key }] });
      const { stdout } = await host.run(cmd(["sh", "-c", "hostname; echo $SSH_CONNECTION"]));
      const [name, from] = stdout.split("\n");
      expect(name).toBe(bed.host(2).name);
      expect(from).toMatch(new RegExp(`^${bed.host(1).ip} `));
    });
  });

  describe("judges host keys", () => {
    test("an unknown host is refused with its fingerprint, and let in once it is trusted", async () => {
      const knownHostsPath = join(dir, "fresh", "known_hosts");
      await using opener = new HostOpener({ knownHostsPath, configPath: "/nonexistent", agentSocket: "" });
      const spec = { name: "worker", host: bed.host(1).name, logins: [key()] };
      await expect(opener.open(spec)).rejects.toMatchObject({ code: "SAGE_HOST_KEY_UNKNOWN", fingerprint: bed.host(1).fingerprint, hint: expect.stringContaining("`sage cluster trust worker`") as string });
      const shown = await opener.showKey(spec);
      expect(shown).toMatchObject({ verdict: { kind: "unknown" }, key: { fingerprint: bed.host(1).fingerprint, type: "ssh-ed25519" } });
      expect(await opener.trust(shown)).toBe(true);
      await using _host = await opener.open(spec);
      expect(execFileSync("ssh-keygen", ["-F", bed.host(1).name, "-f", knownHostsPath], { encoding: "utf8" })).toContain("ssh-ed25519");
    });

    test("accepting new keys writes them down, and is for unknown hosts alone", async () => {
      const knownHostsPath = join(dir, "accepted");
      const spec = { name: "worker", host: bed.host(1).name, logins: [key()] };
      {
        await using opener = new HostOpener({ knownHostsPath, configPath: "/nonexistent", agentSocket: "", acceptNew: true });
        await using _host = await opener.open(spec);
      }
      const text = await readFile(knownHostsPath, "utf8");
      expect(text).toBe(`${bed.host(1).name} ${bed.host(1).hostKey}\n`);
      await writeFile(knownHostsPath, `${bed.host(1).name} ${bed.host(2).hostKey}\n`);
      await using opener = new HostOpener({ knownHostsPath, configPath: "/nonexistent", agentSocket: "", acceptNew: true });
      await expect(opener.open(spec)).rejects.toMatchObject({ code: "SAGE_HOST_KEY_CHANGED", fingerprint: bed.host(1).fingerprint, knownFingerprints: [bed.host(2).fingerprint] });
    });

    test("a machine in between that shows another key gets no login, no command and no secret", async () => {
      // Host 3 plays host 1: the name leads there, and its sshd writes down whatever is tried.
      await bed.exec(3, "rm -f /root/canary; echo 'LogLevel DEBUG3' >>/etc/ssh/sshd_config; pkill -x sshd; :");
      await bed.exec(3, "until ss -Hltn | grep -q :22; do :; done");
      const error = await connect({ host: bed.host(3).ip, hostKeyAlias: bed.host(1).name, logins: [key(), { user: "nokube", password: new Secret("testbed") }] }).catch((each: unknown) => each);
      expect(error).toMatchObject({ code: "SAGE_HOST_KEY_CHANGED", fingerprint: bed.host(3).fingerprint, knownFingerprints: [bed.host(1).fingerprint], hint: expect.stringContaining("ssh-keygen -R") as string });
      const log = await readFile((JSON.parse(await bed.call("ls")) as { hosts: { log: string }[] }).hosts[2]!.log, "utf8");
      expect(log).toContain("Connection from");
      expect(log).not.toMatch(/userauth-request|Accepted|Failed password/);
    });
  });

  describe("quotes", () => {
    const nasty = ["$(touch canary)", "`touch canary`", "'; touch canary; '", '"; touch canary; "', "a\ntouch canary\n", "-n", "-oProxyCommand=touch canary", "| touch canary", "&& touch canary", "$HOME", "*", "~", "\\", "a\\'b", "!!", "{a,b}", "\u001b[31m", "ü 漢", " "];

    test("no value reaches a shell: words, environment and paths arrive as they are", async () => {
      await using host = await connect();
      for (const value of nasty) {
        const { stdout } = await host.run(cmd(["sh", "-c", 'printf "%s|%s" "$1" "$VALUE"', "sh", value], { env: { VALUE: value } }));
        expect(stdout).toBe(`${value}|${value}`);
      }
      for (const value of nasty.filter((each) => !/[\0-\x1f]/.test(each))) {
        await host.upload(`~/up/${value}/f`, Buffer.from(value));
        expect((await host.run(cmd(["sh", "-c", 'cat "$HOME/up/$1/f"', "sh", value]))).stdout).toBe(value);
      }
      expect(await bed.exec(1, "find / -xdev -name 'canary*' -not -path '/proc/*' 2>/dev/null")).toBe("");
      expect(await readdir(process.cwd())).not.toContain("canary");
    });

    test("hosts, users and paths that are none are refused before anything is opened", async () => {
      for (const host of ["-oProxyCommand=touch canary", "a b", "$(touch canary)", "a;b", ""]) await expect(connect({ host })).rejects.toMatchObject({ code: "SAGE_UNSAFE_NAME" });
      for (const user of ["-l", "$(touch canary)", "a b", "root\n", ""]) await expect(connect({ logins: [{ ...key(), user }] })).rejects.toMatchObject({ code: "SAGE_UNSAFE_NAME" });
      await using host = await connect();
      for (const path of ["relative", "~other/x", "/a/../b", "/a\nb", "/a\0b", ""]) await expect(host.upload(path, Buffer.from("x"))).rejects.toMatchObject({ code: "SAGE_UNSAFE_NAME" });
    });
  });

  describe("runs commands", () => {
    test("with a secret setting, which comes before their stdin and is in no command line of the host", async () => {
      await using host = await connect();
      const look = cmd(["sh", "-c", 'printf "%s %s\\n" "$http_proxy" "$(cat)"; cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" "\\n"'], { env: { http_proxy: new Secret("http://me:pAsS-7f3d@proxy:3128") }, stdin: "from stdin" });
      const [first, ...commandLines] = (await host.run(look)).stdout.split("\n");
      expect(first).toBe("http://me:pAsS-7f3d@proxy:3128 from stdin");
      expect(commandLines.join("\n")).toContain("$http_proxy"); // it sees itself
      expect(commandLines.join("\n")).not.toContain("pAsS-7f3d");
    });

    test("with stdin, output as it comes, exit codes and signals", async () => {
      await using host = await connect();
      const heard: string[] = [];
      const result = await host.run(cmd(["sh", "-c", "cat; echo e >&2; exit 3"], { stdin: "in ü" }), { anyExit: true, onOutput: (text, stream) => heard.push(`${stream}:${text}`) });
      expect(result).toMatchObject({ exitCode: 3, signal: undefined, stdout: "in ü", stderr: "e\n", truncated: false });
      expect(heard.sort()).toEqual(["stderr:e\n", "stdout:in ü"]);
      await expect(host.run(cmd(["sh", "-c", "echo because >&2; exit 3"]))).rejects.toMatchObject({ code: "SAGE_REMOTE_COMMAND", exitCode: 3, message: expect.stringContaining("because") as string });
      expect(await host.run(cmd(["sh", "-c", "kill -9 $$"]), { anyExit: true })).toMatchObject({ exitCode: undefined, signal: "KILL" });
      const large = await host.run(cmd(["head", "-c", "3000000", "/dev/zero"]), { maxOutputBytes: 1_000_000 });
      expect(large.truncated).toBe(true);
      expect(large.stdout.length).toBeLessThanOrEqual(1_000_000);
    });

    test("a hundred at once on one connection, below MaxSessions", async () => {
      await using host = await connect();
      const results = await Promise.all(Array.from({ length: 100 }, (_, i) => host.run(cmd(["echo", String(i)]))));
      expect(results.map(({ stdout }) => stdout.trim())).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
    });

    test("also where sshd allows fewer sessions than Sage would use", async () => {
      await bed.exec(2, "echo 'MaxSessions 2' >>/etc/ssh/sshd_config; pkill -x sshd; until ss -Hltn | grep -q :22; do :; done");
      await using host = await connect({ host: bed.host(2).name });
      const results = await Promise.all(Array.from({ length: 20 }, (_, i) => host.run(cmd(["echo", String(i)]))));
      expect(results.map(({ stdout }) => stdout.trim())).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
    });

    test("also where sshd bars the key exchange that Sage would rather have", async () => {
      await bed.exec(2, "echo 'KexAlgorithms curve25519-sha256' >>/etc/ssh/sshd_config; pkill -x sshd; until ss -Hltn | grep -q :22; do :; done");
      await using host = await connect({ host: bed.host(2).name });
      expect((await host.run(cmd(["echo", "there"]))).stdout).toBe("there\n");
    });

    test("whoever gives up ends the command on the host as well", async () => {
      await using host = await connect();
      await expect(host.run(cmd(["sleep", "4712"]), { deadlineMs: 200 })).rejects.toMatchObject({ code: "SAGE_TIMEOUT" });
      const stop = new AbortController();
      const running = host.run(cmd(["sh", "-c", "echo up; exec sleep 4712"]), { signal: stop.signal, onOutput: () => stop.abort(new Error("enough")) });
      await expect(running).rejects.toThrow("enough");
      await host.run(cmd(["sh", "-c", "while pgrep -x sleep -a | grep -q 4712; do :; done"]));
    });

    test("a secret goes in by stdin and shows nowhere, not even in the log of all commands", async () => {
      const lines: string[] = [];
      await using host = await connect({ logger: loggerTo((_level, message, fields) => lines.push(`${message} ${JSON.stringify(fields)}`)) });
      const { stdout } = await host.run(cmd(["sh", "-c", "tee /dev/stderr; ps ax >&2"], { stdin: new Secret("canary-secret") }));
      expect(stdout).toBe("canary-secret");
      expect(lines.join()).toContain("< [hidden]");
      expect(lines.join()).not.toContain("canary-secret");
    });
  });

  describe("forwards", () => {
    test("to ports and sockets of the host, through a private socket or a port here", async () => {
      await using host = await connect();
      await host.upload("~/serve.py", Buffer.from("import socket,os,threading,sys\np=os.path.expanduser('~/s')\nu=socket.socket(socket.AF_UNIX);u.bind(p);u.listen()\nt=socket.socket();t.bind(('127.0.0.1',0));t.listen()\nprint(t.getsockname()[1],flush=True)\ndef one(c):\n  c.sendall(c.recv(99).upper());c.close()\ndef serve(s):\n  while True: threading.Thread(target=one,args=(s.accept()[0],)).start()\nthreading.Thread(target=serve,args=(u,),daemon=True).start();serve(t)\n"));
      const stop = new AbortController();
      const port = await new Promise<number>((resolve) => {
        host.run(cmd(["python3", "serve.py"]), { signal: stop.signal, onOutput: (text) => resolve(Number(text)) }).catch(() => {});
      });
      const ask = async (address: string) => {
        const { connect: dial } = await import("node:net");
        const socket = address.startsWith("unix:") ? dial(address.slice(5)) : dial(Number(address.split(":")[1]), "127.0.0.1");
        socket.write("hello");
        let said = "";
        for await (const chunk of socket) said += String(chunk);
        return said;
      };
      await using toPort = await openTunnel(host, { host: "127.0.0.1", port });
      await using toSocket = await openTunnel(host, { socketPath: "/home/sage/s" }, { listen: "port" });
      expect(await Promise.all([ask(toPort.address), ask(toPort.address), ask(toSocket.address)])).toEqual(["HELLO", "HELLO", "HELLO"]);
      stop.abort(new Error("done"));
      await expect(host.forward({ host: "127.0.0.1", port: 1 })).rejects.toMatchObject({ code: "SAGE_SSH_FORWARD" });
    });
  });

  describe("when the line breaks", () => {
    test("what cannot be reached says why", async () => {
      await expect(connect({ port: 2 })).rejects.toMatchObject({ code: "SAGE_SSH_UNREACHABLE", message: expect.stringContaining("refused") as string });
      await expect(connect({ host: "no-such-host.invalid" })).rejects.toMatchObject({ code: "SAGE_SSH_UNREACHABLE", message: expect.stringContaining("name is not known") as string });
      await using silent = { server: createServer(() => {}), [Symbol.asyncDispose]: async () => void silent.server.close() };
      await new Promise<void>((resolve) => silent.server.listen(0, "127.0.0.1", resolve));
      const { port } = silent.server.address() as AddressInfo;
      await expect(connect({ host: "127.0.0.1", port, connectTimeoutMs: 300 })).rejects.toMatchObject({ code: "SAGE_SSH_UNREACHABLE", message: expect.stringContaining("no SSH handshake") as string });
    });

    test("a cut in the middle is noticed by keepalive, ends what runs, and what comes after", async () => {
      await using host = await connect({ host: bed.host(3).name, hostKeys: { ...options.hostKeys, entries: await readKnownHosts(bed.facts.knownHosts, []) }, keepaliveIntervalMs: 200 });
      const running = host.run(cmd(["sh", "-c", "echo up; exec sleep 1000"]), { onOutput: () => void bed.cut(3) });
      await expect(running).rejects.toMatchObject({ code: "SAGE_SSH_LOST" });
      await expect(host.run(cmd(["true"]))).rejects.toMatchObject({ code: "SAGE_SSH_LOST" });
      await expect(host.forward({ host: "127.0.0.1", port: 22 })).rejects.toMatchObject({ code: "SAGE_SSH_LOST" });
      expect(host.ended.aborted).toBe(true);
      await bed.heal(3);
    });

    test("a host that loses power is a lost connection", async () => {
      await using host = await connect({ host: bed.host(3).name, keepaliveIntervalMs: 200 });
      await expect(host.run(cmd(["sh", "-c", "echo up; exec sleep 1000"]), { onOutput: () => void bed.kill(3) })).rejects.toMatchObject({ code: "SAGE_SSH_LOST" });
      await bed.boot(3);
    });

    test("closing does not wait for a host that is silent", async () => {
      const host = await connect({ host: bed.host(3).name, keepaliveIntervalMs: 60_000 });
      await bed.cut(3);
      await host[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
      expect(host.ended.aborted).toBe(true);
      await bed.heal(3);
    });
  });
});
