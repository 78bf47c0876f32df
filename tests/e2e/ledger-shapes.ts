// What each shape of programs/ledger.ts writes when nothing goes wrong, and how a ledger differs from it.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

type Rows = Readonly<Record<string, readonly unknown[]>>;

/** What a ledger holds of one folder. */
export interface Written {
  /** One JSON text each. */
  readonly rows: readonly string[];
  /** Names of what was prepared and not committed. */
  readonly hidden: readonly string[];
}

/** Rows by folder, of sources that have counted so far. */
const shapes: Readonly<Record<string, (all: readonly number[]) => Rows>> = {
  chain: (all) => ({ all }),
  keyed: (all) => ({ all: all.map((n) => ({ key: n % 17, count: Math.floor(n / 17) + 1 })) }),
  process: (all) => ({ all: all.map((n) => ({ key: n % 17, count: Math.floor(n / 17) + 1, last: n < 17 ? -1 : n - 17 })) }),
  layers: (all) => ({ all: layeredOf(all) }),
  join: (all) => ({ all: all.map((n) => `${n}r${n}`) }),
  windows: (all) => ({ all: sumsOf(all) }),
  union: (all) => ({ all: [...all, ...all.map((n) => n + 1_000_000)] }),
  async: (all) => ({ all: all.map((n) => n * 2) }),
  loop: (all) => ({ all: all.map((n) => ({ n, turns: 4 })) }),
  fanout: (all) => ({ all, even: all.filter((n) => n % 2 === 0) }),
};

/** Shapes that only some tests use. */
const others: typeof shapes = {
  remote: (all) => shapes["keyed"]!(all),
  slow: (all) => ({ all }),
  shipped: (all) => ({ all: all.map((n) => ({ key: n % 1_000, texts: (Math.floor(n / 1_000) + 1) * 100 })) }),
};

export const shapeNames: readonly string[] = Object.keys(shapes);

function layeredOf(all: readonly number[]): readonly unknown[] {
  const half = Math.floor(all.length / 2);
  const counts = new Map<number, number>();
  return all.map((n) => {
    const key = n < half ? n : n % 97;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return { key, count: counts.get(key)! };
  });
}

function sumsOf(all: readonly number[]): readonly unknown[] {
  const sums = new Map<string, { key: number; startMs: number; sum: number }>();
  for (const n of all) {
    const [key, startMs] = [n % 17, Math.floor(n / 100) * 100];
    const window = sums.get(`${key} ${startMs}`) ?? { key, startMs, sum: 0 };
    sums.set(`${key} ${startMs}`, window);
    window.sum += n;
  }
  return [...sums.values()];
}

/** Rows that are missing, double or of nobody, the first of each; empty: the ledger is the fault-free one. */
export function mistakesOf(shape: string, out: string, count: number): Promise<readonly string[]> {
  return mistakesIn(shape, count, (folder) => rowsIn(join(out, folder)));
}

/** The same of a ledger that lies elsewhere. */
export async function mistakesIn(shape: string, count: number, written: (folder: string) => Promise<Written> | Written): Promise<readonly string[]> {
  const expected = (shapes[shape] ?? others[shape])!(Array.from({ length: count }, (_, n) => n));
  const found = await Promise.all(Object.entries(expected).map(async ([folder, rows]) => differences(folder, rows, await written(folder))));
  return found.flat();
}

function differences(folder: string, expected: readonly unknown[], { rows, hidden }: Written): string[] {
  const left = new Map<string, number>();
  for (const row of expected) left.set(JSON.stringify(row), (left.get(JSON.stringify(row)) ?? 0) + 1);
  const tooMany: string[] = [];
  for (const row of rows) {
    const count = left.get(row) ?? 0;
    if (count === 0) tooMany.push(row);
    else left.set(row, count - 1);
  }
  const missing = [...left].filter(([, count]) => count > 0).map(([row]) => row);
  const say = (what: string, some: readonly string[]) => (some.length === 0 ? [] : [`${folder}: ${some.length} ${what}: ${some.slice(0, 5).join(" ")}`]);
  return [...say("rows are missing", missing), ...say("rows are double or of nobody", tooMany), ...say("files were not committed", hidden)];
}

async function rowsIn(folder: string): Promise<Written> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => { if (error.code === "ENOENT") return []; throw error; });
  const rows: string[] = [];
  for (const name of names) { // one by one: an hour leaves tens of thousands
    if (name.startsWith(".")) continue;
    for (const row of (await readFile(join(folder, name), "utf8")).trimEnd().split("\n")) rows.push(row);
  }
  return { rows, hidden: names.filter((name) => name.startsWith(".")) };
}
