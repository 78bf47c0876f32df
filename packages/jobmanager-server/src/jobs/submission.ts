// What of a submission is checked before anything of it is kept, and what makes two submissions the same.

import { isUuid } from "@sage/core";
import type { Plan } from "@sage/protocol";
import { createHash } from "node:crypto";
import { InvalidSubmissionError } from "../errors.ts";
import { refusedEnvNames } from "../scheduling/worker-env.ts";
import { isArtifactHash } from "../store/artifact-store.ts";
import type { Submission } from "../store/job-store.ts";
import { parsePlan, type PlanLimits } from "./plan-check.ts";

const maxNameChars = 256;

/** The plan of a well-formed submission. @throws {@link InvalidSubmissionError} */
export function checkSubmission(submission: Submission, limits?: PlanLimits): Plan {
  const { jobId, name, env, paramsJson } = submission;
  if (!isUuid(jobId)) refuse(`its id ${JSON.stringify(jobId.slice(0, 64))} is not a UUID in lower case`);
  if (name === "" || name.length > maxNameChars) refuse(`its name is empty or longer than ${maxNameChars} characters`);
  const hashes = artifactsOf(submission);
  const wrong = hashes.find((hash) => !isArtifactHash(hash));
  if (wrong !== undefined) refuse(`${JSON.stringify(wrong.slice(0, 80))} is not a sha256 in lower-case hex`);
  const refused = refusedEnvNames(env);
  if (refused.length > 0) refuse(`it may not set the environment variable ${refused.map((each) => JSON.stringify(each.slice(0, 64))).join(", ")}`);
  if (paramsJson !== "" && !isJsonObject(paramsJson)) refuse("its params are not a JSON object");
  const plan = parsePlan(submission.planJson, limits);
  const stranger = submission.data.find(({ nodeId }) => !plan.nodes.some((node) => node.id === nodeId));
  if (stranger) refuse(`it ships data for ${JSON.stringify(stranger.nodeId)}, which is no operator`);
  return plan;
}

function refuse(what: string): never {
  throw new InvalidSubmissionError(what);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Hashes of all artifacts that the job needs. */
export function artifactsOf({ bundleHash, sourceMapHash, data }: Submission): readonly string[] {
  return [bundleHash, ...(sourceMapHash ? [sourceMapHash] : []), ...data.map((each) => each.hash)];
}

/** Equal for equal submissions, in whatever order maps came, and whichever submit() of the program made them. */
export function contentHashOf(submission: Submission): string {
  const { env, labels, pipelineIndex: _index, ...rest } = submission;
  const sorted = (map: Readonly<Record<string, string>>) => Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify([rest, sorted(env), sorted(labels)])).digest("hex");
}
