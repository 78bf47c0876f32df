// Makes src/gen of the packages that carry protocols: TypeScript types, and descriptors which stand in for the .proto files
// at run time; for ray-control also the text of the Python files that travel to the cluster.
//
//   node scripts/generate.mjs            write
//   node scripts/generate.mjs --check    exit 1 if that would change anything

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const protoDir = join(root, "proto");

/** `types`: flags of the type generator; `more`: the other files, name → content. */
const packages = [
  {
    dir: "packages/protocol",
    protos: ["sage/v1/jobs.proto", "sage/v1/workers.proto", "grpc/health.proto", "grpc/reflection.proto"],
    types: ["--includeComments"],
    more: (made) => ({ "descriptor.ts": reflectedDescriptor(made) }),
  },
  {
    dir: "packages/ray-control",
    protos: ["ray/ray_client.proto"],
    types: [],
    more: async (made) => ({ "descriptor.ts": plainDescriptor(made), "worker-host-source.ts": await pythonSource(made, "worker-host.py", "workerHostSource"), "ray-job-driver-source.ts": await pythonSource(made, "job-driver/ray-job-driver.py", "rayJobDriverSource") }),
  },
].map((made) => ({ ...made, fromLoader: createRequire(createRequire(join(root, made.dir, "package.json")).resolve("@grpc/proto-loader")) }));

/** The generated files of a package: path below src/gen → content. */
async function generate(made) {
  const files = new Map();
  const outDir = await mkdtemp(join(tmpdir(), "sage-gen-"));
  try {
    await runTypeGenerator(made, outDir);
    for (const path of await filesBelow(outDir)) {
      const name = relative(outDir, path).split(sep).join("/");
      if (name.includes("/")) files.set(name, tidied(await readFile(path, "utf8"))); // the rest is one list of all types
    }
  } finally {
    await rm(outDir, { recursive: true });
  }
  for (const [name, content] of Object.entries(await made.more(made))) files.set(name, content);
  return files;
}

async function runTypeGenerator({ fromLoader, protos, types }, outDir) {
  const tool = join(dirname(fromLoader.resolve("@grpc/proto-loader/package.json")), "build/bin/proto-loader-gen-types.js");
  const flags = ["--longs=Number", "--enums=String", "--defaults", "--oneofs", ...types, "--grpcLib=@grpc/grpc-js"];
  const extensions = ["--targetFileExtension=.ts", "--importFileExtension=.ts"];
  await promisify(execFile)(process.execPath, [tool, ...flags, ...extensions, `--outDir=${outDir}`, "-I", protoDir, "--", ...protos]);
}

/** Without this machine's paths, and with plain numbers as the only form of a 64-bit field. */
function tidied(source) {
  return source
    .replaceAll(`${protoDir}/`, "proto/")
    .replaceAll("(number | string | Long)", "(number)")
    .replace("import type { Long } from '@grpc/proto-loader';\n", "")
    .replace(/[ \t]+$/gm, "");
}

function plainDescriptor(made) {
  const json = loadProtos(made, { keepCase: false }).toJSON({ keepComments: false });
  return `// proto/ray as data, for proto-loader's fromJSON.\n\nexport const descriptorJson = ${JSON.stringify(json, null, 1)};\n`;
}

function reflectedDescriptor(made) {
  const { FileDescriptorProto } = made.fromLoader("protobufjs/ext/descriptor");
  const json = loadProtos(made, { keepCase: false }).toJSON({ keepComments: false });
  const { file } = loadProtos(made, { keepCase: true }).toDescriptor("proto3");
  const encoded = file.map((each) => ({
    name: each.name,
    symbols: symbolsOf(each),
    base64: Buffer.from(FileDescriptorProto.encode(each).finish()).toString("base64"),
  }));
  return [
    "// All of proto/ as data: for proto-loader's fromJSON, and as file descriptors for the reflection service.",
    "",
    `export const descriptorJson = ${JSON.stringify(json, null, 1)};`,
    "",
    "export const fileDescriptors: readonly { readonly name: string; readonly symbols: readonly string[]; readonly base64: string }[] =",
    `  ${JSON.stringify(encoded, null, 2)};`,
    "",
  ].join("\n");
}

/** Full names of what a file defines, methods included. */
function symbolsOf({ package: prefix, messageType, enumType, service }) {
  const nested = (scope, messages, enums) => [
    ...messages.flatMap(({ name, nestedType, enumType }) => [`${scope}.${name}`, ...nested(`${scope}.${name}`, nestedType, enumType)]),
    ...enums.map(({ name }) => `${scope}.${name}`),
  ];
  const services = service.flatMap(({ name, method }) => [`${prefix}.${name}`, ...method.map((each) => `${prefix}.${name}.${each.name}`)]);
  return [...nested(prefix, messageType, enumType), ...services];
}

async function pythonSource({ dir }, name, constant) {
  const text = await readFile(join(root, dir, "src", name), "utf8");
  return `// The text of ${name}, as it travels to the cluster.\n\nexport const ${constant} = ${JSON.stringify(text)};\n`;
}

function loadProtos({ fromLoader, protos }, parseOptions) {
  const loaded = new (fromLoader("protobufjs").Root)();
  loaded.resolvePath = (_origin, target) => join(protoDir, target);
  loaded.loadSync(protos, parseOptions);
  loaded.resolveAll();
  return loaded;
}

async function filesBelow(dir) {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
}

/** Names of files that are out of date or missing, and of files that are left over. */
async function differences(genDir, files) {
  await mkdir(genDir, { recursive: true });
  const onDisk = (await filesBelow(genDir)).map((path) => relative(genDir, path).split(sep).join("/"));
  const leftOver = onDisk.filter((name) => !files.has(name));
  const changed = [];
  for (const [name, content] of files) {
    if (!onDisk.includes(name) || (await readFile(join(genDir, name), "utf8")) !== content) changed.push(name);
  }
  return { changed, leftOver };
}

async function write(genDir, files, { changed, leftOver }) {
  for (const name of leftOver) await rm(join(genDir, name));
  for (const name of changed) {
    await mkdir(dirname(join(genDir, name)), { recursive: true });
    await writeFile(join(genDir, name), files.get(name));
  }
  return `${changed.length} files written, ${leftOver.length} removed`;
}

for (const made of packages) {
  const genDir = join(root, made.dir, "src/gen");
  const files = await generate(made);
  const found = await differences(genDir, files);
  if (!process.argv.includes("--check")) {
    console.log(`${made.dir}: ${await write(genDir, files, found)}`);
    continue;
  }
  for (const name of [...found.changed, ...found.leftOver]) {
    console.error(`${made.dir}/src/gen/${name} is not what its source says: run \`pnpm generate\` and commit the result`);
    process.exitCode = 1;
  }
}
