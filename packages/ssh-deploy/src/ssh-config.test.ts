import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { askSshConfig } from "./ssh-config.ts";

let dir: string;
let configPath: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sage-ssh-config-"));
  configPath = join(dir, "config");
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

describe.each([["ssh -G", {}], ["the library, where there is no ssh", { sshCommand: "no-such-ssh" }]])("by %s", (_name, how) => {
  test("an alias has a name, a port, a user, keys and jump hosts", async () => {
    await writeFile(configPath, "Host gpu\n  HostName gpu-1.example.org\n  Port 2222\n  User ops\n  IdentityFile ~/.ssh/ops\n  ProxyJump me@bastion:2200\nHost *\n  User everyone\n");
    const answer = await askSshConfig("gpu", { configPath, ...how });
    expect(answer).toMatchObject({ hostName: "gpu-1.example.org", port: 2222, user: "ops", proxyJump: ["me@bastion:2200"] });
    expect(answer.identityFiles[0]).toMatch(/^\/.*\.ssh\/ops$/);
    expect(await askSshConfig("other", { configPath, ...how })).toMatchObject({ hostName: "other", user: "everyone", proxyJump: [] });
  });

  test("ProxyCommand is refused, with what to use instead", async () => {
    await writeFile(configPath, "Host gpu\n  ProxyCommand nc %h %p\n");
    await expect(askSshConfig("gpu", { configPath, ...how })).rejects.toMatchObject({ code: "SAGE_SSH_CONFIG", hint: expect.stringContaining("ProxyJump") as string });
  });

  test("a user or host name that a configuration smuggles in is refused", async () => {
    await writeFile(configPath, "Host a\n  HostName -oProxyCommand=x\n");
    await expect(askSshConfig("a", { configPath, ...how })).rejects.toThrow();
    await writeFile(configPath, "Host a\n  User $(id)\n");
    await expect(askSshConfig("a", { configPath, ...how })).rejects.toThrow();
  });
});

test("Match and Include are understood where there is an ssh", async () => {
  await mkdir(join(dir, "d"));
  await writeFile(configPath, `Include ${dir}/d/*.conf\nMatch host gpu\n  Port 2022\n`);
  await writeFile(join(dir, "d", "a.conf"), "Host gpu\n  User included\n");
  expect(await askSshConfig("gpu", { configPath })).toMatchObject({ port: 2022, user: "included" });
});

test("nothing is started where no configuration could say anything", async () => {
  const trap = join(dir, "ssh");
  await writeFile(trap, `#!/bin/sh\n: >${dir}/started\nexit 1\n`, { mode: 0o755 });
  for (const text of ["", "# nothing\n", "Host other\n  User x\n", "Host *\n  SendEnv LANG\n", `Include ${dir}/none/*.conf\n`]) {
    await writeFile(configPath, text);
    expect(await askSshConfig("plain", { configPath, sshCommand: trap })).toMatchObject({ hostName: "plain", user: undefined });
  }
  expect(await readdir(dir)).not.toContain("started");
});

test.each(["-oProxyCommand=touch canary", "-F/etc/passwd", "a b", "a;b", "$(touch canary)", "a\nb", "", "`x`", "a'b", "@"])("%j is no host, and never reaches the ssh command", async (alias) => {
  const trap = join(dir, "ssh");
  await writeFile(trap, `#!/bin/sh\n: >${dir}/started\n`, { mode: 0o755 });
  await writeFile(configPath, "Host *\n  User x\n");
  await expect(askSshConfig(alias, { configPath, sshCommand: trap })).rejects.toMatchObject({ code: "SAGE_UNSAFE_NAME" });
  expect(await readdir(dir)).not.toContain("started");
});

test("a broken file is named with ssh's own complaint", async () => {
  await writeFile(configPath, "Host *\n  Port nonsense\n");
  await expect(askSshConfig("a", { configPath })).rejects.toThrow(/config.*(port|nonsense)/is);
});
