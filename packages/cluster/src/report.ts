// What a command did on each host, as data: the same for every command, for people and for programs.
import { isSageError, messageOf } from "@sage/core";
import type { FleetReport } from "@sage/ssh-deploy";
import type { Target } from "./session.ts";

/** `same`: it was right already. `planned`: a dry run would change it. */
export type HostState = "same" | "changed" | "planned" | "failed";

export interface Done {
  readonly state: Exclude<HostState, "failed">;
  /** What is so now. */
  readonly text: string;
  /** What was done, or would be. */
  readonly steps?: readonly string[];
}

export interface HostReport {
  readonly host: string;
  readonly where: string;
  readonly role: "head" | "worker";
  readonly state: HostState;
  readonly text: string;
  readonly steps: readonly string[];
  /** Of a host that failed. */
  readonly code?: string;
  readonly fix?: string;
  readonly tookMs: number;
}

export interface ClusterReport {
  readonly hosts: readonly HostReport[];
}

export function toReports(targets: readonly Target[], report: FleetReport<Done>): HostReport[] {
  return report.outcomes.map((outcome, at) => {
    const target = targets[at]!;
    if (outcome.kind === "failed") return failedReport(target, outcome.error, outcome.tookMs);
    return { ...placeOf(target), state: outcome.value.state, text: outcome.value.text, steps: outcome.value.steps ?? [], tookMs: outcome.tookMs };
  });
}

export function failedReport(target: Target, error: unknown, tookMs = 0): HostReport {
  const code = codeOf(error);
  return { ...placeOf(target), state: "failed", text: messageOf(error), steps: [], tookMs, ...(code === undefined ? {} : { code }), ...fixOf(error) };
}

export const placeOf = ({ name, where, host }: Target) => ({ host: name, where, role: host.role });

/** The code of what lies behind: a step that failed because of a full disk is about the disk. */
function codeOf(error: unknown): string | undefined {
  if (!isSageError(error)) return undefined;
  return error.code === "SAGE_STEP_FAILED" && isSageError(error.cause) ? error.cause.code : error.code;
}

function fixOf(error: unknown): { readonly fix?: string } {
  return isSageError(error) && error.hint !== undefined ? { fix: error.hint } : {};
}
