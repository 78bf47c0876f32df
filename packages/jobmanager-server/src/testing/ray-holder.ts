// Holds a Ray of its own until it is killed: for the test of what is left then. Says when it is there.

import { silentLogger } from "@sage/core";
import { openLocalRay } from "../scheduling/local-ray.ts";

const ray = await openLocalRay(silentLogger, process.env, 1);
process.stdout.write(`${ray.address}\n`);
setInterval(() => {}, 60_000);
