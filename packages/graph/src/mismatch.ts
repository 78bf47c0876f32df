// Says in words where two plans differ.

import type { Plan } from "@sage/protocol/records";

/** The first difference between the submitted plan and the one made here, in words; undefined if there is none. */
export function planDifference(submitted: Plan, here: Plan): string | undefined {
  if (submitted.fingerprint === here.fingerprint) return undefined;
  if (submitted.name !== here.name) return `it is named "${here.name}", not "${submitted.name}"`;
  for (const [index, node] of submitted.nodes.entries()) {
    const other = here.nodes[index];
    if (!other) return `operator "${node.name}" is missing`;
    if (other.kind !== node.kind || other.name !== node.name) return `operator ${index + 1} is ${other.kind} "${other.name}", not ${node.kind} "${node.name}"`;
    if (other.parallelism !== node.parallelism) return `operator "${node.name}" has parallelism ${other.parallelism}, not ${node.parallelism}`;
    if (other.fingerprint !== node.fingerprint) return `operator "${node.name}" was built with other arguments`;
  }
  const extra = here.nodes[submitted.nodes.length];
  if (extra) return `operator "${extra.name}" was not submitted`;
  const service = submitted.services.find((each, index) => here.services[index]?.fingerprint !== each.fingerprint);
  return service ? `service "${service.name}" was registered with other arguments` : "its operators are connected differently";
}
