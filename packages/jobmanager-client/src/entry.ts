// Programs without side effects: a module whose default export is a pipeline, built in this process.
//
// Rule: a bundle is evaluated once per process, whatever is submitted from it.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectDirVariable } from "@sage/core";
import { buildPipeline, isPipelineDefinition, type ParamValue, type PipelineBuilder, type PipelineDefinition } from "@sage/graph";
import { bundleProgram, type ProgramBundle } from "./bundle.ts";
import { NoPipelineExportedError } from "./errors.ts";

export interface EntryOptions {
  /** The module: `export default pipeline("name", (env, params) => { … })`. A path or file URL. */
  readonly entry: string | URL;
  readonly params?: Readonly<Record<string, ParamValue>>;
  /** Default parallelism of the pipeline's operators; default 1. */
  readonly parallelism?: number;
}

export interface BuiltEntry {
  readonly bundle: ProgramBundle;
  readonly pipeline: PipelineBuilder;
}

/** @throws BundleError, NoPipelineExportedError, or what the module throws. */
export async function buildEntry({ entry, params, parallelism }: EntryOptions): Promise<BuiltEntry> {
  const bundle = await bundleProgram(entry);
  const definition = await definitionIn(bundle);
  const pipeline = buildPipeline(definition, {
    ...(params === undefined ? {} : { params }), ...(parallelism === undefined ? {} : { parallelism }),
  });
  return { bundle, pipeline };
}

const definitions = new Map<string, Promise<PipelineDefinition>>();

function definitionIn(bundle: ProgramBundle): Promise<PipelineDefinition> {
  const known = definitions.get(bundle.hash);
  if (known) return known;
  const definition = importDefinition(bundle);
  definitions.set(bundle.hash, definition);
  definition.catch(() => definitions.delete(bundle.hash)); // what it needs may be there next time
  return definition;
}

async function importDefinition(bundle: ProgramBundle): Promise<PipelineDefinition> {
  const dir = await mkdtemp(join(tmpdir(), "sage-entry-"));
  const formerProject = process.env[projectDirVariable];
  try {
    const path = join(dir, "program.mjs");
    await writeFile(path, bundle.code);
    await writeFile(`${path}.map`, bundle.sourceMap);
    process.env[projectDirVariable] = bundle.projectDir;
    const module = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as { default?: unknown };
    if (!isPipelineDefinition(module.default)) throw new NoPipelineExportedError(basename(bundle.entry));
    return module.default;
  } finally {
    if (formerProject === undefined) delete process.env[projectDirVariable];
    else process.env[projectDirVariable] = formerProject;
    await rm(dir, { recursive: true, force: true });
  }
}
