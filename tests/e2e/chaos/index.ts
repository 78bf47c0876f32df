// What `pnpm chaos` runs.

export { runChaos, subjectOf, subjects } from "./chaos.ts";
export { runKillPoints } from "./kill-points.ts";
export { runSoak } from "./soak.ts";
