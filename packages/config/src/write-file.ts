// Writes a configuration file whole or not at all, for its owner alone.
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, realpath, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SageError } from "@sage/core";

/** The file changed on disk between reading and writing it. Nothing was written. */
export class ConfigChangedError extends SageError {
  constructor(path: string) {
    super(`${path} was changed by someone else meanwhile`, { code: "SAGE_CONFIG_CHANGED", fault: "user", retryable: true, hint: "Run the command again." });
  }
}

/**
 * Writes beside the file, flushes, and renames over it: mode 0600, folders 0700. A link stays a link.
 *
 * @param expected - the text that must still be there; undefined if the file must not exist.
 * @throws {@link ConfigChangedError} if something else is there.
 */
export async function writeConfigFile(path: string, text: string, expected: string | undefined): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const target = await realpath(path).catch(() => path);
  const temporary = join(dirname(target), `.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    if ((await currentText(target)) !== expected) throw new ConfigChangedError(path);
    await rename(temporary, target);
    const folder = await open(dirname(target), "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } finally {
    await rm(temporary, { force: true });
  }
}

async function currentText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
