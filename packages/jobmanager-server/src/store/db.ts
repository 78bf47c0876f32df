// The only file that knows libsql. Its traps (a bound boolean or Date kills the process, a bare null throws, every
// prepared statement leaks) stay in here: values are checked and translated, parameters are always an array,
// statements are made once.

import Database from "libsql";

type SqlValue = string | number | bigint | boolean | Uint8Array | Date | null | undefined;
type Row = Readonly<Record<string, string | number | bigint | Buffer | null>>;

export interface Db extends Disposable {
  /** Runs text without parameters: schema, PRAGMA, BEGIN. */
  exec(sql: string): void;
  run(sql: string, values?: readonly SqlValue[]): void;
  get(sql: string, values?: readonly SqlValue[]): Row | undefined;
  all(sql: string, values?: readonly SqlValue[]): readonly Row[];
  /** Whether BEGIN has had no COMMIT or ROLLBACK yet. */
  readonly inTransaction: boolean;
}

type Bound = string | number | bigint | Buffer | null;

/** @param busyTimeoutMs - how long a locked file is waited for; this blocks the process. */
export function openDb(path: string, { busyTimeoutMs = 0 }: { readonly busyTimeoutMs?: number } = {}): Db {
  const database = new Database(path, { timeout: busyTimeoutMs });
  const statements = new Map<string, Database.Statement>();
  const prepared = (sql: string): Database.Statement => {
    const known = statements.get(sql);
    if (known) return known;
    const made = database.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  return {
    exec: (sql) => { database.exec(sql); },
    run: (sql, values = []) => { prepared(sql).run(values.map(bound)); },
    get: (sql, values = []) => toRow(prepared(sql).get(values.map(bound))),
    all: (sql, values = []) => prepared(sql).all(values.map(bound)).map(toRow).filter((row) => row !== undefined),
    get inTransaction() { return database.inTransaction; },
    [Symbol.dispose]: () => {
      statements.clear();
      database.close();
    },
  };
}

function bound(value: SqlValue): Bound {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof Date) return value.getTime();
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
  throw new TypeError(`a ${typeof value} is no SQL value`);
}

/** libsql adds how long the query took to the row, and hands blobs out as ArrayBuffers. */
function toRow(found: unknown): Row | undefined {
  if (typeof found !== "object" || found === null) return undefined;
  const { _metadata, ...columns } = found as Record<string, unknown>;
  for (const [name, value] of Object.entries(columns)) if (value instanceof ArrayBuffer) columns[name] = Buffer.from(value);
  return columns as Row;
}
