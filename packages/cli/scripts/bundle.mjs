// Makes dist/sage.mjs, the command line, from the sources of this package and of those below it: what `sage --help`
// needs in one file, everything else in chunks that a command loads when it runs.
//
// Packages with binaries of their own stay outside. dist/sage.meta.json says what went where; a test reads it.

import { build } from "esbuild";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packageDir = dirname(dirname(fileURLToPath(import.meta.url)));

const { metafile } = await build({
  absWorkingDir: packageDir,
  entryPoints: { sage: "src/index.ts" },
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  conditions: ["sage-source"],
  external: ["esbuild", "libsql"],
  sourcemap: "linked",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  // What CommonJS packages expect: ssh2 and its kin.
  banner: { js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url), __dirname = import.meta.dirname ?? require("node:path").dirname(require("node:url").fileURLToPath(import.meta.url));' },
});
writeFileSync(join(packageDir, "dist/sage.meta.json"), JSON.stringify(metafile));
for (const name of readdirSync(join(packageDir, "dist/chunks"))) {
  if (!metafile.outputs[`dist/chunks/${name}`]) rmSync(join(packageDir, "dist/chunks", name)); // of an earlier build
}
