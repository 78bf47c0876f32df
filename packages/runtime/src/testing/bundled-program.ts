// Programs for tests: TypeScript files in a project of their own, bundled as the client bundles them.

import * as esbuild from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProgramText } from "../user-code/program-files.ts";

const environment = `
import { PipelineBuilder, installedHost } from "@sage/graph";
export * from "@sage/graph";
export class Environment extends PipelineBuilder {
  async submit(options = {}) {
    return installedHost().submit({ target: { kind: "local" }, graph: this.graph(), params: this.params, collects: this.collects(), options });
  }
}`;

/** An empty directory which is gone after `Symbol.asyncDispose`. */
export async function temporaryDir(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "sage-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/**
 * Bundles `examples/main.ts`.
 *
 * @param main - its text; it imports `Environment` and all of @sage/graph, under the name of the public package.
 */
export async function bundled(projectDir: string, main: string): Promise<Required<ProgramText>> {
  const entry = join(projectDir, "examples/main.ts");
  await mkdir(dirname(entry), { recursive: true });
  await writeFile(entry, main);
  const { outputFiles } = await esbuild.build({
    entryPoints: [entry], outfile: join(projectDir, "program.mjs"), bundle: true, format: "esm", platform: "node", target: "node20",
    sourcemap: true, sourcesContent: true, write: false, conditions: ["sage-source"], logLevel: "silent",
    plugins: [{
      name: "pipeline",
      setup: (build) => {
        build.onResolve({ filter: /^@sage\/pipeline$/ }, ({ path }) => ({ path, namespace: "pipeline" }));
        build.onLoad({ filter: /.*/, namespace: "pipeline" }, () => ({ contents: environment, loader: "ts", resolveDir: dirname(fileURLToPath(import.meta.url)) }));
      },
    }],
  });
  const bytesOf = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))!.contents;
  const [bundle, sourceMap] = [bytesOf(".mjs"), bytesOf(".map")];
  return { bundle, sourceMap, bundleHash: sha256(bundle), sourceMapHash: sha256(sourceMap) };
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
