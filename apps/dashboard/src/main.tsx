// The dashboard's entry: one connection, one list of jobs, one page at a time.

import { render } from "preact";
import { App } from "./app.tsx";
import { Connection } from "./connection.ts";
import { JobsStore } from "./jobs-store.ts";
import "./style.css";
import { applyTheme, savedTheme } from "./theme.ts";

applyTheme(savedTheme());
const connection = new Connection();
const jobs = new JobsStore();
jobs.follow(connection);
connection.start();
const root = document.getElementById("app");
if (root) render(<App connection={connection} jobs={jobs} />, root);
