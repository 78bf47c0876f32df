import { expect, test } from "vitest";
import { isEnded, nextPhase, type JobEvent, type JobPhase } from "./lifecycle.ts";

const phases: JobPhase[] = ["initializing", "running", "stopping", "stopped", "recovering", "completed", "failed", "deleted"];
const events: JobEvent[] = ["started", "finished", "failed", "lost", "stop", "kept", "released", "continue", "delete"];

const legal = [
  "initializing -started-> running", "initializing -failed-> failed", "initializing -lost-> recovering", "initializing -stop-> stopping",
  "running -finished-> completed", "running -failed-> failed", "running -lost-> recovering", "running -stop-> stopping",
  "stopping -finished-> completed", "stopping -failed-> failed", "stopping -kept-> running", "stopping -released-> stopped", "stopping -lost-> recovering",
  "stopped -continue-> recovering", "stopped -delete-> deleted",
  "recovering -started-> running", "recovering -failed-> failed", "recovering -lost-> recovering", "recovering -stop-> stopping",
  "completed -delete-> deleted", "failed -continue-> recovering", "failed -delete-> deleted",
];

test("these moves are legal, and no others", () => {
  const found = phases.flatMap((phase) => events.flatMap((event) => {
    const next = nextPhase(phase, event);
    return next ? [`${phase} -${event}-> ${next}`] : [];
  }));
  expect(found.sort()).toEqual([...legal].sort());
});

test("only a continue makes an ended job a running one", () => {
  for (const phase of phases.filter(isEnded)) for (const event of events.filter((each) => each !== "continue")) expect(isEnded(nextPhase(phase, event) ?? phase)).toBe(true);
});
