// Makes src/gen: from proto/ray the TypeScript types and the descriptor which stands in for the .proto file at run time,
// and from src/worker-host.py the text that travels to the cluster.
//
//   node packages/ray-control/scripts/generate.mjs            write src/gen
//   node packages/ray-control/scripts/generate.mjs --check    exit 1 if that would change anything

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const packageDir = dirname(dirname(fileURLToPath(import.meta.url)));
const protoDir = join(packageDir, "../../proto");
const genDir = join(packageDir, "src/gen");
const protoFile = "ray/ray_client.proto";

const fromLoader = createRequire(createRequire(import.meta.url).resolve("@grpc/proto-loader"));
const protobuf = fromLoader("protobufjs");

/** The generated files: path below src/gen → content. */
async function generate() {
  const made = new Map();
  const outDir = await mkdtemp(join(tmpdir(), "sage-gen-"));
  try {
    await runTypeGenerator(outDir);
    for (const path of await filesBelow(outDir)) {
      const name = relative(outDir, path).split(sep).join("/");
      if (name.includes("/")) made.set(name, tidied(await readFile(path, "utf8"))); // the rest is one list of all types
    }
  } finally {
    await rm(outDir, { recursive: true });
  }
  made.set("descriptor.ts", descriptorSource());
  made.set("worker-host-source.ts", await pythonSource("worker-host.py"));
  return made;
}

async function runTypeGenerator(outDir) {
  const tool = join(dirname(fromLoader.resolve("@grpc/proto-loader/package.json")), "build/bin/proto-loader-gen-types.js");
  const flags = ["--longs=Number", "--enums=String", "--defaults", "--oneofs", "--grpcLib=@grpc/grpc-js"];
  const extensions = ["--targetFileExtension=.ts", "--importFileExtension=.ts"];
  await promisify(execFile)(process.execPath, [tool, ...flags, ...extensions, `--outDir=${outDir}`, "-I", protoDir, "--", protoFile]);
}

/** Without this machine's paths, and with plain numbers as the only form of a 64-bit field. */
function tidied(source) {
  return source
    .replaceAll(`${protoDir}/`, "proto/")
    .replaceAll("(number | string | Long)", "(number)")
    .replace("import type { Long } from '@grpc/proto-loader';\n", "")
    .replace(/[ \t]+$/gm, "");
}

function descriptorSource() {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(protoDir, target);
  root.loadSync([protoFile], { keepCase: false });
  root.resolveAll();
  const json = root.toJSON({ keepComments: false });
  return `// proto/ray as data, for proto-loader's fromJSON.\n\nexport const descriptorJson = ${JSON.stringify(json, null, 1)};\n`;
}

async function pythonSource(name) {
  const text = await readFile(join(packageDir, "src", name), "utf8");
  return `// The text of ${name}, as it travels to the cluster.\n\nexport const workerHostSource = ${JSON.stringify(text)};\n`;
}

async function filesBelow(dir) {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
}

/** Names of files that are out of date or missing, and of files that are left over. */
async function differences(made) {
  await mkdir(genDir, { recursive: true });
  const onDisk = (await filesBelow(genDir)).map((path) => relative(genDir, path).split(sep).join("/"));
  const leftOver = onDisk.filter((name) => !made.has(name));
  const changed = [];
  for (const [name, content] of made) {
    if (!onDisk.includes(name) || (await readFile(join(genDir, name), "utf8")) !== content) changed.push(name);
  }
  return { changed, leftOver };
}

const made = await generate();
const { changed, leftOver } = await differences(made);
if (process.argv.includes("--check")) {
  for (const name of [...changed, ...leftOver]) console.error(`packages/ray-control/src/gen/${name} is not what its source says`);
  if (changed.length + leftOver.length > 0) {
    console.error("Run `node packages/ray-control/scripts/generate.mjs` and commit the result.");
    process.exitCode = 1;
  }
} else {
  for (const name of leftOver) await rm(join(genDir, name));
  for (const name of changed) {
    await mkdir(dirname(join(genDir, name)), { recursive: true });
    await writeFile(join(genDir, name), made.get(name));
  }
  console.log(`${changed.length} files written, ${leftOver.length} removed`);
}
