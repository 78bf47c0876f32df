// The cluster's small key-value store, and packages for `runtimeEnv` in it: uploaded without the dashboard.

import { SageError } from "@sage/core";
import { packageUri } from "../rest/packages.ts";
import type { CallOptions } from "./limits.ts";
import type { Link } from "./link.ts";

/** Ray itself takes no larger packages by default. */
const maxPackageBytes = 512 * 2 ** 20;

export interface KeyOptions extends CallOptions {
  readonly namespace?: string;
}

export class PackageTooLargeError extends SageError {
  constructor(sizeBytes: number) {
    super(`a package of ${sizeBytes} bytes is larger than ${maxPackageBytes}`, { code: "SAGE_RAY_PACKAGE_TOO_LARGE", fault: "user" });
  }
}

export class KeyValues {
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  async get(key: string, options: KeyOptions = {}): Promise<Buffer | undefined> {
    const { value } = await this.#link.unary("KVGet", { key: Buffer.from(key), ...inNamespace(options) }, options);
    return value === undefined || value === null ? undefined : Buffer.from(value);
  }

  /** Whether the key was there already. With `overwrite: false` the old value stays then. */
  async put(key: string, value: Uint8Array, options: KeyOptions & { readonly overwrite?: boolean } = {}): Promise<boolean> {
    const { overwrite = true } = options;
    return (await this.#link.unary("KVPut", { key: Buffer.from(key), value, overwrite, ...inNamespace(options) }, options)).alreadyExists;
  }

  /** How many keys were deleted. */
  async delete(key: string, options: KeyOptions & { readonly byPrefix?: boolean } = {}): Promise<number> {
    return (await this.#link.unary("KVDel", { key: Buffer.from(key), delByPrefix: options.byPrefix ?? false, ...inNamespace(options) }, options)).deletedNum;
  }

  async list(prefix: string, options: KeyOptions = {}): Promise<string[]> {
    const { keys } = await this.#link.unary("KVList", { prefix: Buffer.from(prefix), ...inNamespace(options) }, options);
    return keys.map((key) => Buffer.from(key).toString());
  }

  async has(key: string, options: KeyOptions = {}): Promise<boolean> {
    return (await this.#link.unary("KVExists", { key: Buffer.from(key), ...inNamespace(options) }, options)).exists;
  }

  /** Uploads a zip unless it is there, named by its content; gives the URI for `runtimeEnv.working_dir` or `py_modules`. */
  async uploadPackage(zip: Uint8Array, options: CallOptions = {}): Promise<string> {
    if (zip.length > maxPackageBytes) throw new PackageTooLargeError(zip.length);
    const uri = packageUri(zip);
    if (!(await this.has(uri, options))) await this.put(uri, zip, { overwrite: false, ...options });
    return uri;
  }
}

const inNamespace = ({ namespace }: KeyOptions) => (namespace === undefined ? {} : { namespace: Buffer.from(namespace) });
