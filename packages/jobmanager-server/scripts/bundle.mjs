// Makes dist/daemon.mjs, the daemon as one file, from the sources of this package and of those below it.
// `libsql` stays outside: it brings a native binary.

import { build } from "esbuild";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packageDir = dirname(dirname(fileURLToPath(import.meta.url)));

await build({
  entryPoints: [join(packageDir, "src/main.ts")],
  outfile: join(packageDir, "dist/daemon.mjs"),
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  conditions: ["sage-source"],
  external: ["libsql"],
  sourcemap: "linked",
  legalComments: "none",
  logLevel: "warning",
  banner: { js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);' },
});
