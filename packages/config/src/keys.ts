// The list of a dialect's keys, and the environment variable of each.
//
// A variable is `SAGE_` and the key's path in capitals, joined by one underscore: `daemon.port` is SAGE_DAEMON_PORT,
// `ssh.key_path` is SAGE_SSH_KEY_PATH. Names are looked up in the table of keys, never taken apart, so that
// underscores inside a key cannot be misread; `keys.test.ts` proves that no two keys share a variable.
import { jsonSchema, type Dialect, type KeySchema } from "./json-schema.ts";

export interface Key {
  readonly path: readonly string[];
  readonly schema: KeySchema;
  /** Whether it only groups other keys. */
  readonly isSection: boolean;
  /** Unset for sections, named clusters and keys without effect. */
  readonly variable?: string;
}

const made = new Map<Dialect, readonly Key[]>();

/** Sections and keys, in the order of the schema; what is inside lists and names of the user's choice is left out. */
export function walkKeys(dialect: Dialect): readonly Key[] {
  const keys = made.get(dialect) ?? below(dialect, jsonSchema(dialect), []);
  made.set(dialect, keys);
  return keys;
}

/** The keys that hold a value. */
export function leafKeys(dialect: Dialect): readonly Key[] {
  return walkKeys(dialect).filter((key) => !key.isSection);
}

function below(dialect: Dialect, schema: KeySchema, path: readonly string[]): Key[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const here = [...path, name];
    const isSection = child.properties !== undefined;
    const hasVariable = dialect === "sage" && !isSection && !child.deprecated && here[0] !== "clusters";
    const key: Key = { path: here, schema: child, isSection, ...(hasVariable ? { variable: variableOf(here) } : {}) };
    return [key, ...below(dialect, child, here)];
  });
}

function variableOf(path: readonly string[]): string {
  return `SAGE_${path.join("_").toUpperCase()}`;
}
