// Makes dist/in-worker.mjs, the names that users' bundles take, from the sources of this package and of those below it.
// A submit bundles it each time: as one file it costs a sixth of what 80 modules do. Names stay: plans name classes.

import { build } from "esbuild";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packageDir = dirname(dirname(fileURLToPath(import.meta.url)));

await build({
  absWorkingDir: packageDir,
  entryPoints: ["src/in-worker.ts"],
  outfile: join(packageDir, "dist/in-worker.mjs"),
  bundle: true, format: "esm", platform: "node", target: "node20.19", conditions: ["sage-worker", "sage-source"],
  minifyWhitespace: true, lineLimit: 160, charset: "utf8", legalComments: "none", logLevel: "warning",
});
