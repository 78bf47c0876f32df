// Makes from the two schemas what is used at run time and what is published. Run after a change of a schema:
//   node packages/config/scripts/generate.mjs
// `generated.test.ts` fails while a committed file differs from what this makes.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const work = await mkdtemp(join(root, ".generate-"));
try {
  const outfile = join(work, "generated.mjs");
  await build({ entryPoints: [join(root, "src/generated.ts")], outfile, bundle: true, format: "esm", platform: "node", packages: "external", logLevel: "warning" });
  const { generatedFiles } = await import(pathToFileURL(outfile).href);
  for (const [name, text] of generatedFiles()) await writeFile(join(root, name), text);
} finally {
  await rm(work, { recursive: true, force: true });
}
