// A temporary directory that only one test's processes use: what they leave is theirs, whatever else runs on the machine.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";

/** Each test of the calling file gets a `TMPDIR` of its own, in which its processes begin as well; it is removed after the test. */
export function useOwnTempDir(): void {
  const former = process.env["TMPDIR"];
  let dir = "";
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "sage-test-"));
    process.env["TMPDIR"] = dir;
  });
  afterEach(async () => {
    if (former === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = former;
    await rm(dir, { recursive: true });
  });
}
