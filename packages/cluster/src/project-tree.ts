// The project's files as they are now. Their hashes are remembered in Sage's folder here, so that only what has changed
// since the last deploy is read.
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { sageHome } from "@sage/config";
import { readTree, type Tree } from "@sage/ssh-deploy";
import type { ClusterSession } from "./session.ts";

/** @throws TreeRefusedError for a project that cannot be shipped. */
export function projectTree({ cluster: { project }, env, signal }: ClusterSession): Promise<Tree> {
  const name = createHash("sha256").update(resolve(project.root)).digest("hex").slice(0, 16);
  return readTree(project.root, { include: project.include, exclude: project.exclude, cachePath: join(sageHome(env), "cache", `tree-${name}.json`), signal });
}
