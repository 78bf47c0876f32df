// What esbuild's output still needs: no paths out of the project, `require` for CommonJS packages, cheap names.
//
// Rule: lines are replaced one for one, or added in front: the map stays right when it is told of the added ones.

/** `require` for code that had it before it became part of an ES module; esbuild has renamed all other variables of the name. */
const requireLine = 'import { createRequire as __sageCreateRequire } from "node:module"; var require = __sageCreateRequire(import.meta.url);\n';
const importMetaLine = "var __sageMeta = import.meta;\n";

/** Of a bundle that keeps names: most functions have theirs already, and setting it costs twenty times as much as asking. */
const nameHelper = 'var __name = (target, value) => __defProp(target, "name", { value, configurable: true });';
const cheapNameHelper = 'var __name = (target, value) => target.name === value ? target : __defProp(target, "name", { value, configurable: true });';

export function tidiedCode(code: string): { readonly code: string; readonly addedLines: number } {
  const front = [
    ...(/^var __require = /m.test(code) ? [requireLine] : []),
    ...(usesImportMeta(code) ? [importMetaLine] : []),
  ];
  const tidied = code
    .replace(nameHelper, cheapNameHelper)
    .replace(/^(\/\/ )(\.\.\/.*)$/gm, (_line, mark: string, path: string) => mark + withinProject(path))
    .replace(/^( {2}")(\.\.\/[^"\n]*)("\()/gm, (_line, open: string, path: string, close: string) => open + withinProject(path) + close);
  return { code: front.join("") + tidied, addedLines: front.length };
}

/** Whether something is left in the bundle that reads `import.meta`. */
export const usesImportMeta = (code: string): boolean => /(?<![\w$.])__sageMeta\./.test(code);

interface SourceMapJson {
  sources: string[];
  mappings: string;
}

export function tidiedMap(json: string, addedLines: number): string {
  const map = JSON.parse(json) as SourceMapJson;
  return JSON.stringify({ ...map, sources: map.sources.map(withinProject), mappings: ";".repeat(addedLines) + map.mappings });
}

/** A path that leads out of the project's root keeps only what says which package it is of. */
function withinProject(path: string): string {
  if (!path.startsWith("../")) return path;
  const modules = path.indexOf("node_modules/");
  return modules >= 0 ? path.slice(modules) : path.replace(/^(\.\.\/)+/, "").split("/").slice(-4).join("/");
}

const ownModule = /(?:^|\/)(?:node_modules|packages\/(?:core|protocol|graph|pipeline-api))\//;

/**
 * Whether a class or function of the user's own modules lost its name, because another module has the same or because
 * it had none: operators are called by such names, so a program that runs unbundled would build another plan.
 */
export function renamesUserCode(code: string): boolean {
  const names = new Set([...code.matchAll(/^(?:var|let|const|class|(?:async )?function\*?) ([\w$]+)/gm)].map(([, name]) => name));
  let inUserModule = false;
  for (const line of code.split("\n")) {
    const module = /^\/\/ ([^ ]+\.\w+)$/.exec(line)?.[1];
    if (module !== undefined) inUserModule = !ownModule.test(module);
    const [, name = ""] = inUserModule ? (/^(?:var|let|const|class|(?:async )?function\*?) ([\w$]+)/.exec(line) ?? []) : [];
    const base = /^(.+?)\d+$/.exec(name)?.[1];
    if (/^(?:(?:async )?function\*?|var) \w+_default\d*(?:\(| = (?:class|function|async|\())/.test(line) || (base !== undefined && names.has(base))) return true;
  }
  return false;
}
