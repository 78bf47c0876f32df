// Builds the dashboard into `dist`: files with their hash in the name, nothing inline, so that the daemon's
// Content-Security-Policy can forbid all that is not a file of ours.

import { defineConfig } from "vite";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { target: "es2023", assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
  worker: { format: "es" },
});
