// Three million US flights: for every airport and hour of departure the number of flights, the mean and the 95th
// percentile of the delay, and the share that was more than 15 minutes late.
//
//   pnpm sage run examples/flights/main.ts                embedded, in worker processes of its own
//   pnpm sage run examples/flights/main.ts --remote       on a JobManager
//   … --param data=PATH --param out=FOLDER --parallelism N

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { environment } from "@sage/pipeline";
import { delayChart } from "./chart.ts";
import { addFlight, noFlights, summarize, type Flight } from "./delays.ts";
import { toCsv, toTable, worst } from "./report.ts";

const env = environment("flights", {
  parallelism: 4,
  params: { data: "examples/flights/node_modules/vega-datasets/data/flights-3m.parquet", out: "out/flights" },
});

const summaries = env
  .fromFile<Flight>(String(env.params["data"]), { columns: ["date", "delay", "origin"], name: "flights" })
  .map((flight) => ({ origin: flight.origin, hour: flight.date.getUTCHours(), delay: flight.delay }), { name: "departures" })
  .keyBy((departure) => [departure.origin, departure.hour])
  .aggregate({ init: noFlights, add: addFlight, result: summarize }, { emit: "end", name: "delays" })
  .collect({ name: "summaries" });

const [, rows] = await Promise.all([env.submit({ autostop: true }), summaries.toArray()]);
await env.close();

rows.sort((a, b) => (a.origin < b.origin ? -1 : a.origin > b.origin ? 1 : a.hour - b.hour));
const out = String(env.params["out"]);
await mkdir(out, { recursive: true });
await writeFile(join(out, "delays.csv"), toCsv(rows));
await writeFile(join(out, "delays.svg"), delayChart(rows));

console.log(`\nThe ten worst airports and hours (at least 500 flights), of ${rows.length}:\n`);
console.log(toTable(worst(rows, { count: 10, minFlights: 500 })));
console.log(`\nwrote ${join(out, "delays.csv")} and ${join(out, "delays.svg")}`);
