// The form of a program without side effects: a module whose default export says how to build a pipeline.

import { PipelineBuilder, type EnvironmentOptions } from "./environment.ts";
import type { ParamValue } from "./functions.ts";

const brand = Symbol.for("sage.pipeline.definition");

export interface PipelineDefinition {
  readonly name: string;
  readonly build: (env: PipelineBuilder, params: Readonly<Record<string, ParamValue>>) => void;
}

/**
 * Defines a pipeline for programs that submit by module: `export default pipeline("name", (env, params) => { … })`.
 *
 * @param build - adds sources and operators to `env`; called once per evaluation, so it must depend on `params` alone.
 */
export function pipeline(name: string, build: PipelineDefinition["build"]): PipelineDefinition {
  const definition: PipelineDefinition = {
    name,
    build: (env, params) => {
      build(env, params);
      Object.defineProperty(env, brand, { value: true });
    },
  };
  Object.defineProperty(definition, brand, { value: true });
  return Object.freeze(definition);
}

/** Whether a module's export was made by {@link pipeline}, in any copy of this package. */
export function isPipelineDefinition(value: unknown): value is PipelineDefinition {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}

/** Whether a definition has built this pipeline: then evaluating its module gives it, whatever was submitted before. */
export function wasDefined(env: PipelineBuilder): boolean {
  return (env as unknown as Record<symbol, unknown>)[brand] === true;
}

/** Builds a defined pipeline. */
export function buildPipeline(definition: PipelineDefinition, options: EnvironmentOptions = {}): PipelineBuilder {
  const env = new PipelineBuilder(definition.name, options);
  definition.build(env, env.params);
  return env;
}
