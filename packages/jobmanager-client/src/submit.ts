// From a graph and its program to a job on the daemon.

import { newJobId, projectDirVariable, withRetries } from "@sage/core";
import { compile, type DurabilityOptions, type Graph, type ParamValue } from "@sage/graph";
import { callUnary, type DataArtifactInit, type JobsClient, type JobView, type Plan } from "@sage/protocol";
import { bytesArtifact, recordsArtifact, type Artifact } from "./artifact.ts";
import type { ProgramBundle } from "./bundle.ts";
import { retryOptions, type CallOptions, type CallSettings } from "./call-settings.ts";
import { toWireDurability } from "./durability.ts";
import { uploadMissing } from "./upload.ts";

export interface JobOptions extends CallOptions, DurabilityOptions {
  /** The job's id, a UUID; the same id again is the same job. Default: a new one. */
  readonly id?: string;
  /** The job's name; default: the pipeline's. */
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** The program's own arguments on the workers, `process.argv.slice(2)`. */
  readonly argv?: readonly string[];
  /** Environment variables of the workers. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where relative paths of the pipeline start; default: the working directory. */
  readonly baseDir?: string;
}

export interface GraphSubmission extends JobOptions {
  readonly graph: Graph;
  /** Default: `compile(graph)`. */
  readonly plan?: Plan;
  /** The program whose evaluation gives this graph. */
  readonly bundle: ProgramBundle;
  /** Which submit() of the program this is, from 0; default 0. */
  readonly pipelineIndex?: number;
  /** The parameters that the graph was built with. */
  readonly params?: Readonly<Record<string, ParamValue>>;
}

/** Uploads what the daemon lacks and submits; returns when the daemon has the job on disk. */
export async function submitGraph(client: JobsClient, submission: GraphSubmission, call: CallSettings): Promise<JobView> {
  const { graph, bundle, params = {}, argv = [], env = {}, labels = {} } = submission;
  const plan = submission.plan ?? compile(graph);
  const code = bytesArtifact(bundle.code, bundle.hash);
  const sourceMap = bytesArtifact(bundle.sourceMap, bundle.sourceMapHash);
  const data = dataOf(graph);
  await uploadMissing(client, [code, sourceMap, ...data.artifacts], call);
  const request = {
    jobId: submission.id ?? newJobId(),
    name: submission.name ?? graph.name,
    planJson: JSON.stringify(plan),
    bundleHash: bundle.hash,
    sourceMapHash: bundle.sourceMapHash,
    paramsJson: JSON.stringify(params),
    argv: [...argv],
    env: { [projectDirVariable]: bundle.projectDir, ...env },
    data: data.entries,
    pipelineIndex: submission.pipelineIndex ?? 0,
    labels: { ...labels },
    baseDir: submission.baseDir ?? process.cwd(),
    ...toWireDurability(submission),
  };
  return withRetries(() => callUnary(client, "Submit", request, call), retryOptions(call.signal));
}

/** The arrays of a graph, as artifacts. */
function dataOf(graph: Graph): { readonly artifacts: readonly Artifact[]; readonly entries: DataArtifactInit[] } {
  const nodes = graph.nodes.flatMap(({ id, data }) => (data === undefined ? [] : [{ nodeId: id, artifact: recordsArtifact(data) }]));
  return { artifacts: nodes.map(({ artifact }) => artifact), entries: nodes.map(({ nodeId, artifact }) => ({ nodeId, hash: artifact.hash })) };
}
