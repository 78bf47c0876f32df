// The dashboard's entry: one connection, one list of jobs, one page at a time.

import { render } from "preact";
import { App } from "./app.tsx";
import { keepRayPort } from "./cluster/ray-link.ts";
import { Connection } from "./connection.ts";
import { JobsStore } from "./jobs-store.ts";
import { go, route } from "./route.ts";
import "./style.css";
import { applyTheme, savedTheme } from "./theme.ts";

applyTheme(savedTheme());
const { path, query: { ray, ...query } } = route.value;
if (ray !== undefined) {
  keepRayPort(ray);
  go({ path, query }, { replace: true });
}
const connection = new Connection();
const jobs = new JobsStore();
jobs.follow(connection);
connection.start();
const root = document.getElementById("app");
if (root) render(<App connection={connection} jobs={jobs} />, root);
