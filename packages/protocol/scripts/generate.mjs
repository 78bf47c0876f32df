// Makes src/gen from proto/: TypeScript types, and the descriptor which stands in for the .proto files at run time.
//
//   node packages/protocol/scripts/generate.mjs            write src/gen
//   node packages/protocol/scripts/generate.mjs --check    exit 1 if that would change anything

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
const files = ["sage/v1/jobs.proto", "sage/v1/workers.proto", "grpc/health.proto", "grpc/reflection.proto"];

const fromLoader = createRequire(createRequire(import.meta.url).resolve("@grpc/proto-loader"));
const protobuf = fromLoader("protobufjs");
const { FileDescriptorProto } = fromLoader("protobufjs/ext/descriptor");

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
  return made;
}

async function runTypeGenerator(outDir) {
  const tool = join(dirname(fromLoader.resolve("@grpc/proto-loader/package.json")), "build/bin/proto-loader-gen-types.js");
  const flags = ["--longs=Number", "--enums=String", "--defaults", "--oneofs", "--includeComments", "--grpcLib=@grpc/grpc-js"];
  const extensions = ["--targetFileExtension=.ts", "--importFileExtension=.ts"];
  await promisify(execFile)(process.execPath, [tool, ...flags, ...extensions, `--outDir=${outDir}`, "-I", protoDir, "--", ...files]);
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
  const json = loadProtos({ keepCase: false }).toJSON({ keepComments: false });
  const { file } = loadProtos({ keepCase: true }).toDescriptor("proto3");
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

function loadProtos(parseOptions) {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(protoDir, target);
  root.loadSync(files, parseOptions);
  root.resolveAll();
  return root;
}

async function filesBelow(dir) {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
}

async function namesOnDisk() {
  await mkdir(genDir, { recursive: true });
  return (await filesBelow(genDir)).map((path) => relative(genDir, path).split(sep).join("/"));
}

/** Names of files that are missing, out of date or left over. */
async function differences(made) {
  const onDisk = await namesOnDisk();
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
  for (const name of [...changed, ...leftOver]) console.error(`src/gen/${name} is not what proto/ says`);
  if (changed.length + leftOver.length > 0) {
    console.error("Run `node packages/protocol/scripts/generate.mjs` and commit the result.");
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
