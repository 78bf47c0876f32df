// `import.meta.url` of the user's files, once they are one bundle that lies elsewhere.
//
// A program that finds a file beside itself (`new URL("./data.csv", import.meta.url)`) still does, wherever its project
// is on the machine: the host that runs the bundle names the project's root in `PIPELINE_PROJECT_DIR`. Elsewhere the four
// properties are those of the bundle.

import { projectDirVariable } from "@sage/core";
import type { Plugin } from "esbuild";
import { readFile } from "node:fs/promises";
import { extname, relative, sep } from "node:path";
import { packageOf } from "./native-packages.ts";

export const importMetaDefines = {
  "import.meta.url": "__sageMeta.url",
  "import.meta.filename": "__sageMeta.filename",
  "import.meta.dirname": "__sageMeta.dirname",
  "import.meta.resolve": "__sageMeta.resolve",
} as const;

const support = `
import { existsSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
const root = process.env.${projectDirVariable};
export function metaOf(file, own) {
  const filename = root === undefined ? "" : join(root, file);
  if (filename === "" || !existsSync(filename)) return own;
  const url = pathToFileURL(filename).href;
  const resolve = (name) => {
    if (/^\\.{0,2}\\//.test(name)) return new URL(name, url).href;
    if (isBuiltin(name)) return name.startsWith("node:") ? name : "node:" + name;
    return URL.canParse(name) ? name : pathToFileURL(createRequire(url).resolve(name)).href;
  };
  return { url, filename, dirname: dirname(filename), resolve };
}
`;

const loaders = { ".ts": "ts", ".mts": "ts", ".tsx": "tsx", ".js": "js", ".mjs": "js", ".jsx": "jsx" } as const;

/** Gives each file of the project that uses `import.meta` its own. The line numbers of sources stay. */
export function importMetaPlugin(projectDir: string): Plugin {
  return {
    name: "import-meta",
    setup(build) {
      build.onResolve({ filter: /^sage:import-meta$/ }, () => ({ path: "import-meta", namespace: "sage" }));
      build.onLoad({ filter: /^import-meta$/, namespace: "sage" }, () => ({ contents: support, loader: "js" }));
      build.onLoad({ filter: /\.(?:[mc]?ts|[mc]?js|tsx|jsx)$/, namespace: "file" }, async ({ path }) => {
        const loader = loaders[extname(path) as keyof typeof loaders];
        const file = relative(projectDir, path).split(sep).join("/");
        if (loader === undefined || file.startsWith("../") || packageOf(path)) return undefined;
        const text = await readFile(path, "utf8");
        if (!/\bimport\.meta\.(?:url|filename|dirname|resolve)\b/.test(text)) return undefined;
        return { contents: `${preludeOf(file)} ${withoutShebang(text)}`, loader };
      });
    },
  };
}

const preludeOf = (file: string) => `import { metaOf as __sageMetaOf } from "sage:import-meta"; const __sageMeta = __sageMetaOf(${JSON.stringify(file)}, import.meta);`;

const withoutShebang = (text: string) => text.replace(/^#![^\n]*/, "");
