// Shipping to this machine as a host: the same scripts that run over SSH.
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Host } from "../host.ts";
import { localHost } from "../local-host.ts";
import { listReleases, pruneReleases, rollbackRelease, switchRelease } from "./releases.ts";
import { sendFile } from "./send-file.ts";
import { shipTree } from "./transfer.ts";
import { hashFile, readTree } from "./tree.ts";

let home: string;
let project: string;
let host: Host;
const root = "~/sage home/app";

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "sage-ship-"));
  project = join(home, "project");
  host = localHost("here", { ...process.env, HOME: home });
  await mkdir(join(project, "src"), { recursive: true });
  await writeFile(join(project, "main.py"), "print('hello')\n");
  await writeFile(join(project, "src", "it's a \"name\" $(touch canary).txt"), "odd\n");
  await writeFile(join(project, "run.sh"), "#!/bin/sh\necho ran\n", { mode: 0o755 });
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

const at = (...parts: string[]) => join(home, "sage home", "app", ...parts);

/** How many bytes go to the host's stdin. */
function counting(inner: Host): Host & { bytes: number } {
  const counted = {
    name: inner.name, where: inner.where, bytes: 0,
    run: (command, options = {}) => {
      const { stdin } = options;
      if (stdin instanceof Uint8Array) counted.bytes += stdin.byteLength;
      const chunks = stdin === undefined || stdin instanceof Uint8Array ? stdin : (async function* () {
        for await (const chunk of stdin) {
          counted.bytes += chunk.byteLength;
          yield chunk;
        }
      })();
      return inner.run(command, { ...options, ...(chunks === undefined ? {} : { stdin: chunks }) });
    },
    upload: inner.upload.bind(inner), forward: inner.forward.bind(inner), [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  } as Host & { bytes: number };
  return counted;
}

test("a release has the contents, the names and the executable bits of the project", async () => {
  const tree = await readTree(project);
  const report = await shipTree(host, root, tree);
  expect(report).toMatchObject({ id: tree.manifest.id, wasThere: false, sentFiles: 3 });
  const release = at("releases", report.id);
  expect(await readFile(join(release, "src", "it's a \"name\" $(touch canary).txt"), "utf8")).toBe("odd\n");
  expect((await stat(join(release, "run.sh"))).mode & 0o777).toBe(0o500);
  expect((await stat(join(release, "main.py"))).mode & 0o777).toBe(0o400);
  expect(await readdir(home)).not.toContain("canary");
});

test("an unchanged tree sends nothing, one changed file sends one file, a renamed file sends none", async () => {
  await shipTree(host, root, await readTree(project));
  const again = counting(host);
  expect(await shipTree(again, root, await readTree(project))).toMatchObject({ wasThere: true, sentFiles: 0, sentBytes: 0 });
  expect(again.bytes).toBe(0);
  await writeFile(join(project, "main.py"), "print('changed')\n");
  expect(await shipTree(host, root, await readTree(project))).toMatchObject({ wasThere: false, sentFiles: 1, sentBytes: 17 });
  await cp(join(project, "main.py"), join(project, "src", "copy.py"));
  expect(await shipTree(host, root, await readTree(project))).toMatchObject({ wasThere: false, sentFiles: 0, sentBytes: 0 });
});

test("a transfer that was cut goes on with what had not arrived", async () => {
  for (let i = 0; i < 40; i++) await writeFile(join(project, `part-${i}.bin`), Buffer.alloc(50_000, i));
  const tree = await readTree(project);
  const breaking: Host = Object.assign(Object.create(host) as Host, {
    run: (command: Parameters<Host["run"]>[0], options: Parameters<Host["run"]>[1] = {}) => {
      if (options.stdin === undefined || options.stdin instanceof Uint8Array) return host.run(command, options);
      const whole = options.stdin;
      return host.run(command, { ...options, stdin: (async function* () {
        let bytes = 0;
        for await (const chunk of whole) {
          if ((bytes += chunk.byteLength) > 1_000_000) return; // the stream ends in the middle of a file
          yield chunk;
        }
      })() });
    },
  });
  await expect(shipTree(breaking, root, tree)).rejects.toMatchObject({ code: "SAGE_REMOTE_COMMAND" });
  expect(await readdir(at("releases"))).toEqual([]);
  const report = await shipTree(host, root, tree);
  expect(report.sentFiles).toBeGreaterThan(10);
  expect(report.sentFiles).toBeLessThan(40);
});

test("a content that was changed on the host is found, and sent again", async () => {
  const first = await shipTree(host, root, await readTree(project));
  const file = at("releases", first.id, "main.py");
  await chmod(file, 0o600);
  await writeFile(file, "print('tampered')\n"); // and with it the stored content, which is the same file
  await writeFile(join(project, "new.txt"), "new\n");
  const second = await shipTree(host, root, await readTree(project));
  expect(await readFile(at("releases", second.id, "main.py"), "utf8")).toBe("print('hello')\n");
});

test("a release folder that others may write is refused", async () => {
  await mkdir(at(), { recursive: true });
  await chmod(at(), 0o777);
  await expect(shipTree(host, root, await readTree(project))).rejects.toThrow(/others may write/);
});

test("a link that somebody put in the way of a release does not lead out of it", async () => {
  await shipTree(host, root, await readTree(project));
  await writeFile(join(project, "main.py"), "print('second')\n");
  const tree = await readTree(project);
  await mkdir(join(home, "elsewhere"));
  await symlink(join(home, "elsewhere"), at("staging"));
  await shipTree(host, root, tree);
  expect(await readdir(join(home, "elsewhere"))).toEqual([]);
});

test("switching is remembered, rollback goes back, pruning keeps the current and the newest", async () => {
  const ids: string[] = [];
  for (const version of [1, 2, 3, 4]) {
    await writeFile(join(project, "version"), String(version));
    const { id } = await shipTree(host, root, await readTree(project));
    ids.push(id);
    expect(await switchRelease(host, root, id)).toBe(true);
    expect(await switchRelease(host, root, id)).toBe(false);
  }
  expect(await rollbackRelease(host, root)).toBe(ids[2]);
  expect(await readlink(at("current"))).toBe(`releases/${ids[2]}`);
  expect(await pruneReleases(host, root, 2)).toEqual([ids[1], ids[0]]);
  expect((await listReleases(host, root)).releases.map(({ id }) => id)).toEqual([ids[2], ids[3]]);
  expect(await readFile(at("current", "version"), "utf8")).toBe("3");
  expect((await readdir(at("blobs"))).length).toBe(5); // 3 files of the project, 2 versions
});

test("a release that is not there is not switched to", async () => {
  await shipTree(host, root, await readTree(project));
  await expect(switchRelease(host, root, "0".repeat(24))).rejects.toMatchObject({ code: "SAGE_NO_RELEASE" });
  await expect(switchRelease(host, root, "../../etc")).rejects.toMatchObject({ code: "SAGE_NO_RELEASE" });
  await expect(rollbackRelease(host, root)).rejects.toMatchObject({ code: "SAGE_NO_RELEASE" });
});

test("a large file goes on where it stopped, and a wrong part is sent again", async () => {
  const source = join(home, "large");
  await writeFile(source, Buffer.alloc(3_000_000, "abc"));
  const file = { source, ...hashFile(source), path: "~/sage home/large", mode: 0o600 };
  await mkdir(join(home, "sage home"), { recursive: true });
  await writeFile(join(home, "sage home", "large.part"), Buffer.alloc(3_000_000, "abc").subarray(0, 2_000_000));
  expect(await sendFile(host, file)).toBe(1_000_000);
  expect(hashFile(join(home, "sage home", "large"))).toEqual(hashFile(source));
  await rm(join(home, "sage home", "large"));
  await writeFile(join(home, "sage home", "large.part"), "wrong");
  expect(await sendFile(host, file)).toBe(2_999_995 + 3_000_000);
  expect(await sendFile(host, file)).toBe(0);
});
