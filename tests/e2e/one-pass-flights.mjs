// The flights table in one pass over the file, without Sage: what `examples/flights` must agree with, byte for byte.
//   node tests/e2e/one-pass-flights.mjs PARQUET > delays.csv

import { asyncBufferFromFile, parquetRead } from "hyparquet";
import { compressors } from "hyparquet-compressors";

/** @returns the CSV that the flights example writes. */
export async function onePass(path) {
  const file = await asyncBufferFromFile(path);
  const groups = new Map();
  await parquetRead({
    file, compressors, columns: ["date", "delay", "origin"],
    onComplete: (rows) => {
      for (const [date, delay, origin] of rows) {
        const hour = date.getUTCHours();
        const key = `${origin},${hour}`;
        let group = groups.get(key);
        if (!group) groups.set(key, (group = { origin, hour, flights: 0, delays: [] }));
        group.flights++;
        if (delay !== null && delay !== undefined) group.delays.push(Number(delay));
      }
    },
  });
  const lines = [...groups.values()]
    .sort((a, b) => (a.origin === b.origin ? a.hour - b.hour : a.origin < b.origin ? -1 : 1))
    .map(({ origin, hour, flights, delays }) => {
      delays.sort((a, b) => a - b);
      const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
      const p95 = delays[Math.ceil(delays.length * 0.95) - 1];
      const late = delays.filter((delay) => delay > 15).length / delays.length;
      return `${origin},${hour},${flights},${mean.toFixed(4)},${p95},${late.toFixed(6)}`;
    });
  return ["origin,hour,flights,mean_delay,p95_delay,late_share", ...lines].join("\n") + "\n";
}

if (process.argv[1] === new URL(import.meta.url).pathname) process.stdout.write(await onePass(process.argv[2]));
