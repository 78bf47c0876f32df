// A worker on "another host": whatever it does with a file below the daemon's home fails, as it would there.
//
// The first line of `apart-from`, beside this entry, is that home; the second is the real entry.

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [home, entry] = fs.readFileSync(join(dirname(fileURLToPath(import.meta.url)), "apart-from"), "utf8").trim().split("\n");

function guarded(name, work) {
  return function (...given) {
    if (given.some((each) => typeof each === "string" && each.startsWith(home))) throw new Error(`${name}: no such file on this host: ${given.join(", ")}`);
    return work.apply(this, given);
  };
}
for (const place of [fs, fs.promises]) {
  for (const [name, work] of Object.entries(place)) if (typeof work === "function" && /^[a-z]/.test(name)) place[name] = Object.assign(guarded(name, work), work);
}
syncBuiltinESMExports();
await import(entry);
