// Bundles the worker's entry into one file, so that starting a process opens one file, and a host needs no packages.
//
//   node packages/runtime/scripts/bundle.mjs     writes dist/worker.mjs

import * as esbuild from "esbuild";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packageDir = dirname(dirname(fileURLToPath(import.meta.url)));

// CommonJS packages in an ES module still say `require("node:net")`.
const banner = 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

const { metafile } = await esbuild.build({
  entryPoints: [join(packageDir, "src/worker/worker-main.ts")],
  outfile: join(packageDir, "dist/worker.mjs"),
  bundle: true, format: "esm", platform: "node", target: "node20", conditions: ["sage-source"],
  minifyWhitespace: true, minifySyntax: true, lineLimit: 160, // parsing is a quarter of a start; names stay, for stacks
  banner: { js: banner }, charset: "utf8", legalComments: "none", metafile: true, logLevel: "warning",
  plugins: [{
    // msgpackr looks for the first, and does without: no native code in a file that runs on every host. grpc-js needs the
    // second for channelz alone, which nobody asks of a worker.
    name: "without-extras",
    setup(build) {
      build.onResolve({ filter: /^(msgpackr-extract|@grpc\/proto-loader)$/ }, ({ path }) => ({ path, namespace: "absent" }));
      build.onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: 'throw new Error("not bundled")' }));
    },
  }],
});

const foreign = Object.values(metafile.outputs).flatMap(({ imports }) => imports).filter(({ path, external }) => external && !path.startsWith("node:") && !builtinModules.includes(path));
if (foreign.length > 0) throw new Error(`the worker's bundle imports ${foreign.map(({ path }) => path).join(", ")}`);
