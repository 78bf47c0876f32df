import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

test("the Grafana dashboard asks for nothing but documented metrics", async () => {
  const [dashboard, documented] = await Promise.all(["./grafana-dashboard.json", "./README.md"].map((path) => readFile(new URL(path, import.meta.url), "utf8")));
  const { panels } = JSON.parse(dashboard!) as { panels: { targets: { expr: string }[] }[] };
  const names = panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/sage_\w+/g) ?? []));
  expect(new Set(names).size).toBeGreaterThan(8);
  for (const name of names) expect(documented).toContain(`\`${name}\``);
});
