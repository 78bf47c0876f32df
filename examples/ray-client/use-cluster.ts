// What a Node program can do with a Ray cluster: Python actors spread over its nodes, errors with their tracebacks,
// and a process of its own on one of the hosts.

import { connectRay, RayTaskError, startWorkerHost, type ConnectOptions } from "@sage/ray-control";

const source = `
class Primes:
    def count(self, first, last):
        return sum(all(n % d for d in range(2, int(n ** 0.5) + 1)) for n in range(max(2, first), last))

    def divide(self, a, b):
        return a / b
`;

export async function useCluster(address: string, print: (line: string) => void, options: ConnectOptions = {}): Promise<void> {
  await using ray = await connectRay(address, options);
  const nodes = (await ray.nodes()).filter(({ isAlive }) => isAlive);
  print(`Ray ${ray.server.rayVersion} on ${nodes.length} host(s)`);

  const actors = await Promise.all([1, 2, 3].map(() => ray.actor({ source, className: "Primes", options: { numCpus: 0.5, schedulingStrategy: "SPREAD" } })));
  const counts = await Promise.all(actors.map((actor, i) => actor.call("count", [i * 10_000, (i + 1) * 10_000])));
  print(`${counts.join(" + ")} primes below 30,000`);

  try {
    await actors[0]!.call("divide", [1, 0]);
  } catch (error) {
    if (!(error instanceof RayTaskError)) throw error;
    print(`${error.pythonType} in ${error.remoteTraceback.split("\n").find((line) => line.includes("divide"))?.trim()}`);
  }

  // The program must be on the hosts; what it needs could travel as a package (runtimeEnv.working_dir).
  await using host = await startWorkerHost(ray, { argv: ["uname", "-s"], options: { numCpus: 0.1 } });
  const { code } = await host.exited();
  print(`a process on the cluster ended with ${code} and said ${(await host.output()).lines.join(" ")}`);
}
