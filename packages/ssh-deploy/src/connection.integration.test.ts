// Connections to real sshds, in a testbed.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cmd } from "@sage/core";
import { startTestbed, testbedRefusal, type Testbed } from "../../../tests/testbed/start-testbed.ts";
import { connectSsh } from "./connection.ts";
import { readKnownHosts } from "./known-hosts-file.ts";

const refusal = testbedRefusal();
if (refusal !== undefined) console.log(`skipped: ${refusal}`);

describe.skipIf(refusal !== undefined)("a connection", () => {
  let bed: Testbed;
  beforeAll(async () => {
    bed = await startTestbed({ hosts: 3, prefix: "sshd-", net: "10.231.50.0/24" });
  });
  afterAll(async () => {
    await bed?.[Symbol.asyncDispose]();
  });

  test("runs commands", async () => {
    const t0 = performance.now();
    await using c = await connectSsh({ host: bed.host(1).name, logins: [{ user: "sage", key: { from: "path", path: bed.facts.keyLogin.privateKey } }], hostKeys: { entries: await readKnownHosts(bed.facts.knownHosts, []), path: "/tmp/x" } });
    const t1 = performance.now();
    const r = await c.run(cmd(["echo", "hi $(touch canary)"]));
    const t2 = performance.now();
    await c.run(cmd(["true"]));
    const t3 = performance.now();
    console.log(t1 - t0, t2 - t1, t3 - t2, r);
    const many = await Promise.all(Array.from({ length: 100 }, (_, i) => c.run(cmd(["echo", String(i)]))));
    console.log(performance.now() - t3, many.every((m, i) => m.stdout === `${i}\n`));
    await expect(c.run(cmd(["sleep", "100"]), { deadlineMs: 300 })).rejects.toThrow("within 300");
    const ps = await c.run(cmd(["ps", "x"]));
    console.log(ps.stdout);
  });
});
