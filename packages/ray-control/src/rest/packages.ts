// Packages of files for `runtimeEnv`: zips that are the same bytes for the same files, named by their content.

import { createHash } from "node:crypto";
import { deflateFiles, zipOf, type ZipFile } from "./zip.ts";

export interface RayPackage {
  readonly zip: Buffer;
  /** For `runtimeEnv.working_dir` and `py_modules`. */
  readonly uri: string;
}

/** Path inside the package → content, or content and mode; default mode 0644. */
export type PackageFiles = Readonly<Record<string, Uint8Array | string | { readonly data: Uint8Array | string; readonly mode: number }>>;

/** The package of some files: order and time do not matter. @throws {@link ZipPathError} for a path that leaves it. */
export function packageOf(files: PackageFiles): RayPackage {
  const zip = zipOf(toZipFiles(files));
  return { zip, uri: packageUri(zip) };
}

/** The same bytes as {@link packageOf}, but large files are packed without keeping the process from its work. */
export async function packLarge(files: PackageFiles): Promise<RayPackage> {
  const zip = zipOf(await deflateFiles(toZipFiles(files)));
  return { zip, uri: packageUri(zip) };
}

const toZipFiles = (files: PackageFiles): ZipFile[] => Object.entries(files).map(([path, file]) => {
  const { data, mode } = typeof file === "string" || file instanceof Uint8Array ? { data: file, mode: 0o644 } : file;
  return { path, mode, data: typeof data === "string" ? Buffer.from(data) : data };
});

/** `gcs://_ray_pkg_<hash>.zip` */
export function packageUri(zip: Uint8Array): string {
  return `gcs://${packageName(zip)}`;
}

export function packageName(zip: Uint8Array): string {
  return `_ray_pkg_${createHash("sha256").update(zip).digest("hex").slice(0, 16)}.zip`;
}
