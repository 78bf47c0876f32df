// A program that makes an actor and then waits to be killed. Runs what the build made.
import { connectRay } from "@sage/ray-control";

const ray = await connectRay(process.argv[2], { gracePeriodMs: 1_000 });
const actor = await ray.actor({ source: "class Idle:\n    def ping(self): return 1\n", className: "Idle", options: { numCpus: 0.1 } });
await actor.call("ping");
process.send({ actorId: actor.id });
