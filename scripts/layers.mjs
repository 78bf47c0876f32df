// The house's one rule for imports: a package imports packages of lower levels only, through their doors.

import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

/** Level of each package; packages of one level do not know one another. */
const levels = {
  "@sage/core": 0,
  "@sage/config": 1, "@sage/protocol": 1, "@sage/testkit": 1,
  "@sage/graph": 2, "@sage/ray-control": 2, "@sage/ssh-deploy": 2,
  "@sage/cluster": 3, "@sage/jobmanager-client": 3, "@sage/runtime": 3,
  "@sage/pipeline": 4, "@sage/jobmanager-server": 4,
  "@sage/cli": 5,
};

/** Complaints about imports that go up or sideways, or past a package's door; empty when there are none. */
export function layerViolations(root) {
  const complaints = [];
  for (const folder of readdirSync(join(root, "packages"))) {
    const { name, exports } = JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8"));
    if (levels[name] === undefined) complaints.push(`packages/${folder}: ${name} has no level in scripts/layers.mjs`);
    if (!exports?.["."]) complaints.push(`packages/${folder}: has no door "."`);
    for (const file of sources(join(root, "packages", folder, "src"))) {
      const where = relative(root, file);
      for (const { target, line } of importsOf(file)) {
        const to = /^@sage\/[^/]+/.exec(target)?.[0];
        if (to && to !== name && !(levels[to] < levels[name])) complaints.push(`${where}:${line}: ${name} (level ${levels[name]}) imports ${to} (level ${levels[to]})`);
        if (target.includes("../packages/") || /^\.\..*\/src\//.test(target)) complaints.push(`${where}:${line}: imports ${target} past the package's door`);
      }
    }
  }
  return complaints.join("\n");
}

function sources(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function* importsOf(file) {
  const text = readFileSync(file, "utf8");
  for (const found of text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)["']([^"']+)["']/g)) {
    yield { target: found[1], line: text.slice(0, found.index).split("\n").length };
  }
}
