// The user's program as one ES file with a source map, named by its hash.
//
// Invariants:
//   B1. The same sources give the same bytes, on every run and from every working directory.
//   B2. Neither the code nor the map names a directory of this machine: paths are relative to the project's root.
//   B3. The bundle's last line names `program.mjs.map`, the map's file beside it.

import type { BuildFailure, BuildOptions, BuildResult, Message, Metafile, Plugin } from "esbuild";
import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { SageError } from "@sage/core";
import { BundleError, type BundleProblem } from "./errors.ts";
import { importMetaDefines, importMetaPlugin } from "./import-meta.ts";
import { nativePackagesOf, packageOf } from "./native-packages.ts";
import { projectRootOf } from "./project-root.ts";
import { renamesUserCode, tidiedCode, tidiedMap, usesImportMeta } from "./tidy-bundle.ts";

export interface ProgramBundle {
  readonly code: Uint8Array;
  /** sha256 of `code`, in hex. */
  readonly hash: string;
  readonly sourceMap: Uint8Array;
  readonly sourceMapHash: string;
  /** The entry's absolute path. */
  readonly entry: string;
  /** The folder that source names are relative to. */
  readonly projectDir: string;
  /** Packages with native code, which must be installed where the job runs; sorted. */
  readonly externals: readonly string[];
  readonly warnings: readonly string[];
}

/** The entry is no file. */
export class EntryNotFoundError extends SageError {
  constructor(entry: string, cause: unknown) {
    super(`no program at ${entry}`, { code: "SAGE_ENTRY_NOT_FOUND", fault: "user", cause });
  }
}

/**
 * Bundles a program: TypeScript or JavaScript, its imports and npm packages included, Node's own modules aside.
 *
 * @param entry - path, relative to the working directory, or a file URL.
 * @param sageDir - where `@sage/pipeline` is looked for if the program's own project has none; default: nowhere.
 * @throws EntryNotFoundError; BundleError with file, line and column of each mistake.
 */
export async function bundleProgram(entry: string | URL, sageDir?: string): Promise<ProgramBundle> {
  const path = await entryPath(entry);
  const projectDir = await projectRootOf(path);
  const settings = { projectDir, ...(sageDir === undefined ? {} : { sageDir }) };
  const first = await build(path, settings);
  const ownMeta = usesImportMeta(codeOf(first.result));
  const { nativeImporters } = first;
  let { result } = ownMeta ? await build(path, { ...settings, ownMeta }) : first;
  const found = new Set([...nativeImporters, ...(await nativePackagesOf(includedFiles(result), projectDir))]);
  const externals = [...found].sort();
  if (externals.length > 0) ({ result } = await build(path, { ...settings, ownMeta, externals }));
  if (renamesUserCode(codeOf(result))) ({ result } = await build(path, { ...settings, ownMeta, externals, keepNames: true }));
  return toBundle(result, path, projectDir, externals);
}

/** Files of which something is left in the bundle. */
function includedFiles({ metafile }: Build["result"]): string[] {
  const outputs = Object.values(metafile.outputs).filter((output) => output.entryPoint !== undefined);
  return outputs.flatMap(({ inputs }) => Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])));
}

async function entryPath(entry: string | URL): Promise<string> {
  const path = entry instanceof URL || entry.startsWith("file:") ? fileURLToPath(entry) : resolve(entry);
  return realpath(path).catch((error: unknown) => { throw new EntryNotFoundError(path, error); });
}

interface Build {
  readonly result: BuildResult & { readonly metafile: Metafile; readonly outputFiles: NonNullable<BuildResult["outputFiles"]> };
  /** Packages that import a `.node` file. */
  readonly nativeImporters: readonly string[];
}

interface BuildSettings {
  readonly projectDir: string;
  readonly sageDir?: string;
  /** Whether files have their own `import.meta`. That reads every file twice, so only where one is used. */
  readonly ownMeta?: boolean;
  readonly externals?: readonly string[];
  /** Costs a `defineProperty` for every closure made, so only where names would be lost. */
  readonly keepNames?: boolean;
}

async function build(path: string, { projectDir, sageDir, ownMeta = false, externals = [], keepNames = false }: BuildSettings): Promise<Build> {
  const esbuild = await import("esbuild");
  const nativeImporters = new Set<string>();
  const options = {
    absWorkingDir: projectDir,
    entryPoints: [path],
    outfile: resolve(projectDir, "program.mjs"),
    bundle: true, write: false, metafile: true, logLevel: "silent",
    format: "esm", platform: "node", target: "node20.19", keepNames, charset: "utf8",
    conditions,
    sourcemap: "external", sourcesContent: true,
    footer: { js: "//# sourceMappingURL=program.mjs.map" },
    define: { __dirname: "import.meta.dirname", __filename: "import.meta.filename", ...importMetaDefines },
    external: externals.flatMap((name) => [name, `${name}/*`]),
    plugins: [...(ownMeta ? [importMetaPlugin(projectDir)] : []), ...(sageDir === undefined ? [] : [pipelineFrom(sageDir)]), {
      name: "native",
      setup(build) {
        build.onResolve({ filter: /\.node$/ }, ({ path, importer }) => {
          const owner = packageOf(importer);
          if (owner) nativeImporters.add(owner.name);
          return { path, external: true };
        });
      },
    }],
  } satisfies BuildOptions;
  try {
    return { result: await esbuild.build(options), nativeImporters: [...nativeImporters] };
  } catch (error) {
    throw isBuildFailure(error) ? new BundleError(relative(projectDir, path), error.errors.map(toProblem)) : error;
  }
}

/** A file in a folder where nothing is installed runs too: with the `@sage/pipeline` of whoever bundles it. */
function pipelineFrom(sageDir: string): Plugin {
  const asked = Symbol("asked");
  return {
    name: "pipeline",
    setup(build) {
      build.onResolve({ filter: /^@sage\/pipeline$/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (pluginData === asked) return undefined;
        const own = await build.resolve(path, { kind, importer, resolveDir, pluginData: asked });
        return own.errors.length === 0 ? own : build.resolve(path, { kind, resolveDir: sageDir, pluginData: asked });
      });
    },
  };
}

/** Run from its sources, this package wants the sources of its neighbours too. */
const conditions = ["sage-worker", ...(import.meta.url.endsWith(".ts") ? ["sage-source"] : [])];

const isBuildFailure = (error: unknown): error is BuildFailure => Array.isArray((error as Partial<BuildFailure> | null)?.errors);

function toProblem({ text, location }: Message): BundleProblem {
  if (!location) return { text };
  const { file, line, column, lineText, length } = location;
  return { text, file, line, column: column + 1, lineText, lengthChars: length };
}

const codeOf = ({ outputFiles }: Build["result"]): string => outputFiles.find((file) => file.path.endsWith(".mjs"))!.text;

function toBundle(result: Build["result"], entry: string, projectDir: string, externals: readonly string[]): ProgramBundle {
  const { outputFiles, metafile, warnings } = result;
  const mapText = outputFiles.find((file) => file.path.endsWith(".map"))!.text;
  const { code, addedLines } = tidiedCode(codeOf(result));
  const codeBytes = Buffer.from(code);
  const mapBytes = Buffer.from(tidiedMap(mapText, addedLines));
  const inPackage = (file: string) => packageOf(file) !== undefined;
  const unbundled = externals.length === 0 ? [] : [
    `${externals.join(", ")}: packages with native code are not part of the bundle; they must be installed where the job runs`,
  ];
  return {
    code: codeBytes, hash: sha256(codeBytes), sourceMap: mapBytes, sourceMapHash: sha256(mapBytes), entry, projectDir, externals,
    warnings: [
      ...unbundled,
      ...warnings.filter(({ location }) => location && !inPackage(location.file)).map(({ text: what, location }) => `${location!.file}:${location!.line}:${location!.column + 1}: ${what}`),
      ...largeBundleWarning(codeBytes.length, metafile, entry.split(sep).at(-1)!),
    ],
  };
}

const largeBytes = 8 * 1024 * 1024;

function largeBundleWarning(bytes: number, metafile: Metafile, name: string): string[] {
  if (bytes < largeBytes) return [];
  const [file, facts] = Object.entries(metafile.inputs).reduce((largest, each) => (each[1].bytes > largest[1].bytes ? each : largest));
  return [`${name} is ${(bytes / 1024 / 1024).toFixed(0)} MiB as a bundle; the largest part is ${file} (${(facts.bytes / 1024 / 1024).toFixed(0)} MiB)`];
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
