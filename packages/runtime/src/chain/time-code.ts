// The text of the operators that have to do with event time. `code-writer.ts` says what the names mean.

import type { CodeWriter, Mode, Site } from "./code-writer.ts";
import { resultCode } from "./operator-code.ts";

/** A watermark may have to go before the record: then the record goes on behind it. */
export function timestampCode(writer: CodeWriter, site: Site, v: string, mode: Mode): string {
  const { at, id, node } = site;
  const pass = () => writer.fn(`K${at}`, "r, v", () => `const p = q${at}.assign(r, v); return p === undefined ? ${writer.steps(node)}(v) : q${at}.later(p, r, v, ${writer.steps(node)});`);
  const recovered = node.plan.onError === "fail" ? "" : `if (typeof r${id} === "object") ${writer.suspend(mode, `s${at}.later(r${id}, ${v}, ${pass()})`)}`;
  return [
    resultCode(writer, site, v, mode), recovered,
    `const g${id} = q${at}.assign(r${id}, ${v}); if (g${id} !== undefined) ${writer.suspend(mode, `q${at}.later(g${id}, r${id}, ${v}, ${writer.steps(node)})`)}`,
    writer.emit(node, v, mode),
  ].join(" ");
}

/** Windows and joins by time: name of a function of one record. */
export function windowCode(writer: CodeWriter, site: Site): string {
  const { at, node } = site;
  const q = `q${at}`;
  return writer.fn(`V${site.id}`, "v", () => [
    `C[${node.taken}]++; at = ${at}; let e;`,
    `try { e = t${at}.entryOf(${site.keyOf!("v")}); } catch (e) { return ${q}.unkeyed(e, v); }`,
    node.plan.kind === "window" ? `return ${q}.add(e, v, W[0]);`
      : node.plan.kind === "windowJoin" ? `return ${q}.add(e, [${site.port}, v], W[0]);` : `return ${q}.add(${site.port}, e, v, W[0]);`,
  ].join("\n"));
}
