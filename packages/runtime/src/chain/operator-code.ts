// The text of each kind of operator inside a chain. `code-writer.ts` says what the names mean.

import type { CodeWriter, Mode, Site } from "./code-writer.ts";
import type { ChainNode } from "./layout.ts";

const promised = (v: string) => `typeof ${v} === "object" && ${v} !== null && typeof ${v}.then === "function"`;

const isPlain = (node: ChainNode) => node.plan.onError === "fail";

/** What calls the operator again, where the policy retries. */
const retryOf = (writer: CodeWriter, site: Site) => (typeof site.node.plan.onError === "object" ? writer.again(site) : "undefined");

/** Text that puts the result of the operator's call into `r…`, by its policy. */
export function resultCode(writer: CodeWriter, site: Site, v: string, mode: Mode, call = writer.call(site, v)): string {
  const select = writer.selectKey(site, v);
  const r = `r${site.id}`;
  if (isPlain(site.node)) return `${select} const ${r} = ${call};`;
  return `let ${r}; try { ${select} ${r} = ${call}; } catch (e) { ${r} = s${site.at}.recover(e, ${v}, ${retryOf(writer, site)}); } if (${r} === SKIP) ${writer.drop(mode)}`;
}

/** Text that leaves where the result is a promise; `pass` takes it later. */
function laterCode(writer: CodeWriter, site: Site, v: string, mode: Mode, pass: string): string {
  const r = `r${site.id}`;
  return `if (${promised(r)}) ${writer.suspend(mode, `s${site.at}.later(${r}, ${v}, ${pass}, ${retryOf(writer, site)})`)}`;
}

export function mapCode(writer: CodeWriter, site: Site, v: string, mode: Mode): string {
  return [
    resultCode(writer, site, v, mode), laterCode(writer, site, v, mode, writer.passOf(site.node)), writer.emit(site.node, `r${site.id}`, mode),
  ].join(" ");
}

export function filterCode(writer: CodeWriter, site: Site, v: string, mode: Mode): string {
  return [
    resultCode(writer, site, v, mode), laterCode(writer, site, v, mode, writer.passOf(site.node)),
    `if (!r${site.id}) ${writer.drop(mode)}`, writer.emit(site.node, v, mode),
  ].join(" ");
}

export function sinkCode(writer: CodeWriter, site: Site, v: string, mode: Mode): string {
  return `${resultCode(writer, site, v, mode)} ${laterCode(writer, site, v, mode, "undefined")}${mode.loop ? "" : " return undefined;"}`;
}

const emitsUpdates = (node: ChainNode) => node.graph.settings?.["emit"] !== "end";

const afterUpdate = (writer: CodeWriter, site: Site, mode: Mode) =>
  emitsUpdates(site.node) ? writer.emit(site.node, `r${site.id}`, mode) : mode.loop ? "" : "return undefined;";

const stored = (v: string) => `${v} === undefined ? UNDEF : ${v}`;
const loaded = (v: string) => `(${v} === UNDEF ? undefined : ${v})`;

/** The accumulator of the current key is the entry's first value. */
export function reduceCode(writer: CodeWriter, site: Site, v: string, mode: Mode): string {
  const { at, id, node } = site;
  const execute = (record: string) => `a === undefined ? ${record} : f${at}${node.graph.fn?.form === "function" ? "" : ".execute"}(${loaded("a")}, ${record})`;
  const again = writer.fn(`A${id}`, "v", () => `const a = t${at}.entryOf(${site.keyOf!("v")}).values[0]; return ${execute("v")};`);
  const pass = writer.fn(`K${at}`, "r, v", () => `t${at}.make().values[0] = ${stored("r")}; ${emitsUpdates(node) ? `return ${writer.steps(node)}(r);` : ""}`);
  const e = `e${id}`;
  const r = `r${id}`;
  const fold = `${e} = t${at}.entryOf(${site.keyOf!(v)}); const a = ${e}.values[0]; ${r} = ${execute(v)};`;
  const guarded = isPlain(node)
    ? `{ ${fold} }`
    : `try { ${fold} } catch (e) { ${r} = s${at}.recover(e, ${v}, ${typeof node.plan.onError === "object" ? again : "undefined"}); } if (${r} === SKIP) ${writer.drop(mode)}`;
  const wait = `if (${promised(r)}) ${writer.suspend(mode, `s${at}.later(${r}, ${v}, ${pass}, ${again})`)}`;
  return `let ${e}, ${r}; ${guarded} ${wait} ${e}.values[0] = ${stored(r)}; ${afterUpdate(writer, site, mode)}`;
}

export function aggregateCode(writer: CodeWriter, site: Site, v: string, mode: Mode): string {
  const { at, id, node } = site;
  const result = emitsUpdates(node) ? `f${at}.result(b, e.key)` : "undefined";
  const fold = (record: string) =>
    `const e = t${at}.entryOf(${site.keyOf!(record)}), a = e.values[0], b = f${at}.add(a === undefined ? f${at}.init() : ${loaded("a")}, ${record});`;
  const r = `r${id}`;
  if (isPlain(node)) return `let ${r}; { ${fold(v)} ${r} = ${result}; e.values[0] = ${stored("b")}; } ${emitsUpdates(node) ? laterCode(writer, site, v, mode, writer.steps(node)) : ""} ${afterUpdate(writer, site, mode)}`;
  const again = writer.fn(`A${id}`, "v", () => `${fold("v")} const r = ${result}; e.values[0] = ${stored("b")}; return r;`);
  return [
    `let ${r}; try { ${r} = ${again}(${v}); } catch (e) { ${r} = s${at}.recover(e, ${v}, ${typeof node.plan.onError === "object" ? again : "undefined"}); } if (${r} === SKIP) ${writer.drop(mode)}`,
    laterCode(writer, site, v, mode, emitsUpdates(node) ? writer.steps(node) : "undefined"), afterUpdate(writer, site, mode),
  ].join(" ");
}

/** flatMap and process: name of a function of one record. */
export function collectingCode(writer: CodeWriter, site: Site): string {
  const { at, node } = site;
  const q = `q${at}`;
  return writer.fn(`F${site.id}`, "v", () => {
    const again = writer.again(site);
    const emit = writer.emitted(node);
    if (typeof node.plan.onError === "object") return `C[${node.taken}]++; at = ${at}; ${q}.timeMs = W[0]; return ${q}.attempt(v, ${again});`;
    const arrays = `if (r !== undefined && ${q}.mode === 0 && Array.isArray(r) && r.length <= 4096) { ${q}.mode = 1; for (let j = 0; j < r.length; j++) { ${node.timed ? `W[0] = ${q}.timeMs; ` : ""}const p = ${emit}(r[j]); if (p !== undefined) return ${q}.rest(p, r, j + 1); } return undefined; }`;
    return [
      `C[${node.taken}]++; at = ${at}; ${q}.mode = 0;${node.timed ? ` ${q}.timeMs = W[0];` : ""}`,
      "let r;",
      `try { ${writer.selectKey(site, "v")} r = ${writer.call(site, "v")}; } catch (e) { return ${q}.threw(e, v); }`,
      `if (r === undefined && ${q}.mode === 0 && S.failure === undefined) { ${q}.mode = 1; return undefined; }`,
      node.plan.kind === "flatMap" ? arrays : "",
      `return ${q}.settle(r, v);`,
    ].join("\n");
  });
}

/** join: name of a function of one record. */
export function joinCode(writer: CodeWriter, site: Site): string {
  const { at, node } = site;
  return writer.fn(`J${site.id}`, "v", () => [
    `C[${node.taken}]++; at = ${at}; let entry;`,
    `try { entry = t${at}.entryOf(${site.keyOf!("v")}); } catch (e) { return q${at}.unkeyed(e, v); }`,
    `return q${at}.add(${site.port}, entry, v);`,
  ].join("\n"));
}

/** The loop of a source that is asked for one record after the other. */
export function pullCode(writer: CodeWriter, root: ChainNode): string {
  const call = root.graph.fn?.form === "function" ? "f0(x0)" : "f0.execute()";
  const asked = isPlain(root) ? `const v = ${call};` : `let v; try { v = ${call}; } catch (e) { C[0] += i; return q0.threw(e); }`;
  return [
    "let i = 0; const from = 0;", "try {", "for (; i < max; i++) {", "at = 0;", asked,
    "if (v === null || v === undefined) { S.ended = true; break; }",
    root.plan.kind === "source" ? "if (v === IDLE) { S.idle = true; break; }" : "",
    `if (${promised("v")}) { C[0] += i; return q0.later(v); }`,
    `rec: { ${writer.emit(root, "v", { loop: true, steps: false, depth: 0, leave: "C[0] += i + 1;" })} }`,
    "} } catch (e) { C[0] += at === 0 ? i : i + 1; throw S.fail(e, at); }",
    "C[0] += i;", "return undefined;",
  ].join("\n");
}
