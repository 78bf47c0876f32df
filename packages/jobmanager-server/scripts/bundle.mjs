// Makes dist/daemon.mjs, the daemon as one file, from the sources of this package and of those below it.
// `libsql` stays outside: it brings a native binary. Beside it lies dist/dashboard, the built pages that it serves.

import { build } from "esbuild";
import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

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

const pages = join(packageDir, "dist/dashboard");
rmSync(pages, { recursive: true, force: true });
cpSync(join(dirname(fileURLToPath(import.meta.resolve("@sage/dashboard/package.json"))), "dist"), pages, { recursive: true });

const files = readdirSync(pages, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.name.endsWith(".map"));
const bytes = files.reduce((total, { parentPath, path, name }) => total + gzipSync(readFileSync(join(parentPath ?? path, name))).length, 0);
if (bytes >= 100 * 1024) throw new Error(`the dashboard weighs ${bytes} bytes gzipped; it is to stay under 100 KB`);
