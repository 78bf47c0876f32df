// Runs what programs submit: in this process, in worker processes of its own, or on a JobManager daemon.
//
// Rule: each way is loaded when it is first taken; a pipeline that runs in this process never loads gRPC or esbuild.

import { compile, type HealthReport, type PipelineHost, type RunningJob, type Submission, type Target } from "@sage/graph";
import { remoteServicesOf, type Plan } from "@sage/protocol/records";
import type { ProgramBundle } from "@sage/jobmanager-client/bundle";
import type { RemoteTarget } from "./daemon-address.ts";
import { UnknownTargetError } from "./errors.ts";
import { warnOnConsole, type JobSettings } from "./job-settings.ts";

export interface HostSettings extends JobSettings {
  /** Settings from outside of the program, before its own. */
  readonly overrides?: NonNullable<PipelineHost["overrides"]>;
  /** Where jobs run, whatever the program says. */
  readonly target?: "local" | "remote";
  /** Where a remote job runs if the program does not say. */
  readonly remote?: Omit<RemoteTarget, "kind">;
  /** The program, if it was bundled already. */
  readonly bundle?: ProgramBundle;
  /** The program's own arguments; default: `process.argv.slice(2)`. */
  readonly argv?: readonly string[];
}

/** What a host needs to run one submission. */
export interface Work {
  readonly submission: Submission;
  readonly plan: Plan;
  /** Which submit() of the program it is, from 0. */
  readonly pipelineIndex: number;
  readonly settings: HostSettings;
}

export class DefaultHost implements PipelineHost {
  readonly overrides: NonNullable<PipelineHost["overrides"]>;
  readonly settings: HostSettings;
  /** Submits so far by entry module. */
  readonly #submits = new Map<string, number>();

  constructor(settings: HostSettings = {}) {
    this.settings = settings;
    this.overrides = settings.overrides ?? {};
  }

  async submit(submission: Submission): Promise<RunningJob> {
    const work: Work = { submission, plan: compile(submission.graph), pipelineIndex: this.#turnOf(submission), settings: this.settings };
    const target = resolveTarget(submission.target, this.settings);
    if (target.kind === "remote") {
      const { submitRemote } = await import("./run-on-daemon.ts");
      return submitRemote(work, target);
    }
    if (target.ray !== undefined || target.workers === "processes" || (target.workers === undefined && wantsProcesses(work.plan))) {
      const { submitToProcesses } = await import("./run-on-daemon.ts");
      return submitToProcesses(work, target.ray);
    }
    const { runHere } = await import("./run-here.ts");
    return runHere(work);
  }

  /** Which submit() of its entry module a submission is, from 0. */
  #turnOf({ entry = "", isDefined = false }: Submission): number {
    if (isDefined) return 0;
    const turn = this.#submits.get(entry) ?? 0;
    this.#submits.set(entry, turn + 1);
    return turn;
  }

  async health(target: Target): Promise<HealthReport> {
    const resolved = resolveTarget(target, this.settings);
    if (resolved.kind === "local") return { healthy: true, target: "local", detail: "runs in this program" };
    const { remoteHealth } = await import("./run-on-daemon.ts");
    return remoteHealth(resolved, this.settings);
  }
}

const wantsProcesses = (plan: Plan): boolean => plan.slots > 1 || remoteServicesOf(plan).length > 0 || plan.nodes.some(({ remote }) => remote);

let host: DefaultHost | undefined;

/** The host of programs that were started by themselves: one per process, since it counts the submits. */
export function defaultHost(): PipelineHost {
  return (host ??= new DefaultHost({ onWarning: warnOnConsole }));
}

export type ResolvedTarget = Exclude<Target, { kind: "configured" }>;

/** Where a submission runs: what the command line said, then the program, then `SAGE_TARGET`, else local. */
export function resolveTarget(target: Target, { target: forced, remote = {} }: Pick<HostSettings, "target" | "remote">, env: NodeJS.ProcessEnv = process.env): ResolvedTarget {
  const kind = forced ?? (target.kind === "configured" ? configuredKind(env) : target.kind);
  if (kind === "local") return target.kind === "local" ? target : { kind: "local" };
  return target.kind === "remote" ? { ...target, ...remote } : { kind: "remote", ...remote };
}

function configuredKind(env: NodeJS.ProcessEnv): "local" | "remote" {
  const wanted = env["SAGE_TARGET"] ?? "local";
  if (wanted === "local" || wanted === "") return "local";
  if (wanted === "remote") return "remote";
  throw new UnknownTargetError(wanted);
}
