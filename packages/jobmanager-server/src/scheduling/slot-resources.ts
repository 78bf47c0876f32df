// What a worker needs of its host: it runs one instance of every operator that is wide enough, and they share it. Pure.

import { instanceIn, type Plan, type Resources } from "@sage/protocol";

/**
 * The most that any operator with an instance in the worker asks for, of each kind by itself; an operator that says
 * nothing asks for one CPU. Undefined if none says anything.
 */
export function slotResources(plan: Plan, workerIndex: number): Resources | undefined {
  const here = plan.nodes.filter((node) => instanceIn(node, workerIndex) !== undefined);
  const asked = here.flatMap(({ resources }) => (resources ? [resources] : []));
  if (asked.length === 0) return undefined;
  const most = (amounts: readonly (number | undefined)[]) => Math.max(0, ...amounts.map((amount) => amount ?? 0));
  const names = new Set(asked.flatMap(({ custom = {} }) => Object.keys(custom)));
  return {
    cpus: most(here.map(({ resources }) => resources?.cpus ?? 1)),
    gpus: most(asked.map(({ gpus }) => gpus)),
    memoryBytes: most(asked.map(({ memoryBytes }) => memoryBytes)),
    custom: Object.fromEntries([...names].map((name) => [name, most(asked.map(({ custom }) => custom?.[name]))])),
  };
}

/** Whether a worker runs remote operators: then nothing else. */
export const isRemoteSlot = (plan: Plan, workerIndex: number): boolean => plan.nodes.some((node) => node.remote === true && instanceIn(node, workerIndex) !== undefined);
