// The example does what its comments say.

import { expect, test } from "vitest";
import { useCluster } from "../../../../examples/ray-client/use-cluster.ts";
import type { RayHead } from "./ray-head.ts";

export function exampleSuite(headOf: () => RayHead): void {
  test("it counts primes on the cluster, shows an error and runs a process there", async () => {
    const lines: string[] = [];
    await useCluster(headOf().address, (line) => lines.push(line));
    expect(lines).toEqual([
      `Ray ${headOf().version} on 1 host(s)`,
      "1229 + 1033 + 983 primes below 30,000",
      expect.stringMatching(/^ZeroDivisionError in File "<sage_[0-9a-f]+>", line 7, in divide$/) as string,
      "a process on the cluster ended with 0 and said Linux",
    ]);
  });
}
