// Zip archives that depend on nothing but their files: sorted, without times, deflated at one level.
// Source: PKWARE, ".ZIP File Format Specification", 6.3.10, sections 4.3 and 4.4.

import { promisify } from "node:util";
import { crc32, deflateRaw, deflateRawSync } from "node:zlib";
import { SageError } from "@sage/core";

export interface ZipFile {
  /** With `/` between folders, relative. */
  readonly path: string;
  readonly data: Uint8Array;
  /** Permissions, as in stat. */
  readonly mode: number;
  /** `data`, deflated already. */
  readonly packed?: Uint8Array;
}

export class ZipPathError extends SageError {
  constructor(path: string, why: string) {
    super(`${JSON.stringify(path)} cannot be in a package: ${why}`, { code: "SAGE_ZIP_PATH_INVALID", fault: "user" });
  }
}

const localHeader = 0x04034b50;
const centralHeader = 0x02014b50;
const endOfCentral = 0x06054b50;
const [stored, deflated] = [0, 8];
const utf8Names = 0x0800;
/** 1 January 1980, the first day that the format knows. */
const noDate = 0x0021;
const version = 20;
const level = 6;
const madeOnUnix = 3 << 8;
/** What the format holds without its 64-bit extension. */
const maxFiles = 65_535;
const maxBytes = 2 ** 32 - 1;

/** @throws {@link ZipPathError} for paths that are absolute, leave the archive, or come twice. */
export function zipOf(files: readonly ZipFile[]): Buffer {
  if (files.length > maxFiles) throw new ZipPathError(`${files.length} files`, `at most ${maxFiles} are possible`);
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const bodies: Buffer[] = [];
  const index: Buffer[] = [];
  let offset = 0;
  sorted.forEach((file, i) => {
    checkPath(file.path, sorted[i - 1]?.path);
    const entry = entryOf(file, offset);
    bodies.push(entry.local, entry.name, entry.data);
    index.push(entry.central, entry.name);
    offset += entry.local.length + entry.name.length + entry.data.length;
    if (offset > maxBytes) throw new ZipPathError(file.path, "the package is larger than 4 GiB");
  });
  const directory = Buffer.concat(index);
  return Buffer.concat([...bodies, directory, endOf(sorted.length, directory.length, offset)]);
}

function checkPath(path: string, previous: string | undefined): void {
  if (path === previous) throw new ZipPathError(path, "it comes twice");
  if (path === "" || path.startsWith("/") || path.includes("\\") || path.includes("\0")) throw new ZipPathError(path, "it is no relative path");
  if (path.split("/").some((part) => part === "" || part === "." || part === "..")) throw new ZipPathError(path, "it has an empty or dotted part");
}

/** Deflates in threads of its own: for large files in a process that has other work. */
export async function deflateFiles(files: readonly ZipFile[]): Promise<ZipFile[]> {
  return Promise.all(files.map(async (file) => ({ ...file, packed: await promisify<Uint8Array, { level: number }, Buffer>(deflateRaw)(file.data, { level }) })));
}

function entryOf({ path, data, mode, packed = deflateRawSync(data, { level }) }: ZipFile, offset: number) {
  const name = Buffer.from(path);
  const isSmaller = packed.length < data.length;
  const body = Buffer.from(isSmaller ? packed : data);
  // Both headers share these fields, from "version needed" to "extra field length".
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(version, 0);
  shared.writeUInt16LE(utf8Names, 2);
  shared.writeUInt16LE(isSmaller ? deflated : stored, 4);
  shared.writeUInt16LE(noDate, 8);
  shared.writeUInt32LE(crc32(data), 10);
  shared.writeUInt32LE(body.length, 14);
  shared.writeUInt32LE(data.length, 18);
  shared.writeUInt16LE(name.length, 22);
  return { name, data: body, local: Buffer.concat([u32(localHeader), shared]), central: centralOf(shared, mode, offset) };
}

function centralOf(shared: Buffer, mode: number, offset: number): Buffer {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((((0o100000 | (mode & 0o777)) << 16) >>> 0), 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([u32(centralHeader), u16(madeOnUnix | version), shared, rest]);
}

function endOf(count: number, directoryBytes: number, offset: number): Buffer {
  return Buffer.concat([u32(endOfCentral), u32(0), u16(count), u16(count), u32(directoryBytes), u32(offset), u16(0)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
