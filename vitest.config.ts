// Feeds the list of `vitest.workspace.ts` to vitest: 3.2 and 4 both read it from here without a warning.
import { defineConfig } from "vitest/config";
import projects from "./vitest.workspace.ts";

export default defineConfig({ test: { projects } });
