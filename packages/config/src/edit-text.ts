// Changes one value in a YAML text and leaves every other character as it is: comments, quotes and columns survive.
//
// A change is first tried on the text itself, at the places that the parser reports, and then read back: only if it
// reads as intended is it kept. What cannot be done so (flow collections, say) is done on the document, which keeps
// comments but may lay out lines anew.
import { isCollection, isMap, isScalar, isSeq, parseDocument, Scalar, stringify, type Document, type Node, type Pair } from "yaml";
import type { KeyPath } from "./json-schema.ts";
import { parseYaml } from "./yaml-source.ts";

export type Change =
  | { readonly op: "set"; readonly path: KeyPath; readonly value: unknown }
  | { readonly op: "append"; readonly path: KeyPath; readonly value: unknown }
  | { readonly op: "remove"; readonly path: KeyPath };

/** @throws {@link ConfigError} if the text is not acceptable YAML to begin with. */
export function changeText(text: string, change: Change): string {
  const before = plain(parseYaml(text, "").value);
  const wanted = JSON.stringify(pruned(applied(before, change)));
  const asWanted = (result: string | undefined) => result !== undefined && readBack(result) === wanted;
  const spliced = splice(text, parse(text), change);
  if (spliced !== undefined && asWanted(spliced)) return spliced;
  const rewritten = rewrite(text, change);
  if (asWanted(rewritten)) return rewritten;
  throw new Error(`the change of ${change.path.join(".")} did not read back as intended`);
}

function parse(text: string): Document {
  return parseDocument(text, { uniqueKeys: false, stringKeys: true, prettyErrors: false, schema: "core" });
}

function rewrite(text: string, change: Change): string {
  const document = parse(text);
  if (change.op === "remove") document.deleteIn(change.path);
  else if (change.op === "append") document.addIn(change.path, document.createNode(change.value));
  else {
    dropNothings(document, change.path);
    document.setIn(change.path, document.createNode(change.value));
  }
  return document.toString({ lineWidth: 0 });
}

/** `head:` with nothing behind it is in the way of `head.host`. */
function dropNothings(document: Document, path: KeyPath): void {
  for (let length = 1; length < path.length; length++) {
    const node = document.getIn(path.slice(0, length), true);
    if (node === null || (isScalar(node) && node.value === null)) document.deleteIn(path.slice(0, length));
  }
}

function splice(text: string, document: Document, change: Change): string | undefined {
  if (change.op === "remove") return removeLines(text, document, change.path);
  if (change.op === "append") return appendItem(text, document, change.path, change.value);
  const existing = document.getIn(change.path, true);
  if (isScalar(existing) && existing.range && existing.value !== null && !isCollectionValue(change.value)) {
    return `${text.slice(0, existing.range[0])}${rendered(change.value, existing)}${text.slice(existing.range[1])}`;
  }
  if (existing !== undefined && !(isScalar(existing) && existing.value === null)) return undefined;
  return insertKey(text, document, change.path, change.value);
}

/** Adds the key behind the last one of the section that there is, or the section at the end. */
function insertKey(text: string, document: Document, path: KeyPath, value: unknown): string | undefined {
  for (let length = path.length - 1; length >= 0; length--) {
    const section = length === 0 ? (document.contents as Node | null) : document.getIn(path.slice(0, length), true);
    const missing = path.slice(length);
    if (length === 0 && section === null) return joined(text, lines(missing, value, 0));
    if (isMap(section) && section.items.length > 0 && !section.flow) {
      const first = section.items[0]?.key as Node | undefined;
      const last = section.items.at(-1);
      if (!first?.range || !last) return undefined;
      const empty = section.items.find((pair) => (pair.key as Scalar).value === missing[0]);
      const indent = columnOf(text, first.range[0]);
      if (empty) return insertAfter(text, lineEnd(text, ((empty.key as Node).range ?? [0, 0, 0])[1]), missing.length > 1 ? lines(missing.slice(1), value, indent + 2) : "");
      return insertAfter(text, endOf(text, last), lines(missing, value, indent));
    }
    if (section !== undefined && !(isScalar(section) && section.value === null)) return undefined;
  }
  return undefined;
}

function appendItem(text: string, document: Document, path: KeyPath, value: unknown): string | undefined {
  const list = document.getIn(path, true);
  if (!isSeq(list) || list.flow || list.items.length === 0) return undefined;
  const first = list.items[0] as Node;
  const last = list.items.at(-1) as Node;
  if (!first.range || !last.range) return undefined;
  const dash = text.lastIndexOf("-", first.range[0] - 1);
  const item = indented(stringify([value], { lineWidth: 0 }), columnOf(text, dash));
  return insertAfter(text, lineEnd(text, contentEnd(text, last)), item);
}

function removeLines(text: string, document: Document, path: KeyPath): string | undefined {
  const parent = path.length === 1 ? (document.contents as Node | null) : document.getIn(path.slice(0, -1), true);
  if (!isCollection(parent) || parent.flow) return undefined;
  const name = path.at(-1);
  let start: number | undefined;
  let end: number | undefined;
  if (isMap(parent)) {
    const pair = parent.items.find((one) => isScalar(one.key) && one.key.value === name);
    start = (pair?.key as Node | undefined)?.range?.[0];
    end = pair && endOf(text, pair);
  } else {
    const item = parent.items[Number(name)] as Node | undefined;
    start = item?.range ? text.lastIndexOf("-", item.range[0] - 1) : undefined;
    end = item && lineEnd(text, contentEnd(text, item));
  }
  if (start === undefined || end === undefined) return undefined;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  if (text.slice(lineStart, start).trim() !== "") return undefined;
  return text.slice(0, lineStart) + text.slice(Math.min(text.length, end + 1));
}

/** The end of the line that a pair ends on. */
function endOf(text: string, pair: Pair): number {
  const value = pair.value as Node | null;
  const key = (pair.key as Node).range;
  return lineEnd(text, value?.range ? contentEnd(text, value) : (key?.[1] ?? text.length));
}

/** The end of what a node says, without the line breaks, blank lines and comments behind a collection. */
function contentEnd(text: string, node: Node): number {
  if (isMap(node) && !node.flow && node.items.length > 0) {
    const last = node.items.at(-1);
    if (last) return endOf(text, last);
  }
  if (isSeq(node) && !node.flow && node.items.length > 0) return contentEnd(text, node.items.at(-1) as Node);
  const end = node.range?.[1] ?? text.length;
  return text[end - 1] === "\n" ? end - 1 : end;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

function insertAfter(text: string, end: number, added: string): string {
  return `${text.slice(0, end)}\n${added.trimEnd()}${end === text.length ? "\n" : text.slice(end)}`;
}

function joined(text: string, added: string): string {
  return text === "" || text.endsWith("\n") ? text + added : `${text}\n${added}`;
}

function lines(path: KeyPath, value: unknown, indent: number): string {
  const nested = path.reduceRight<unknown>((inner, name) => ({ [String(name)]: inner }), value);
  return indented(stringify(nested, { lineWidth: 0 }), indent);
}

function indented(text: string, indent: number): string {
  return text.replace(/^(?=.)/gm, " ".repeat(indent));
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** A scalar as text, in the quotes that the old one had. */
function rendered(value: unknown, old: Scalar): string {
  const scalar = new Scalar(value);
  if (typeof value === "string" && (old.type === "QUOTE_DOUBLE" || old.type === "QUOTE_SINGLE")) scalar.type = old.type;
  return stringify(scalar, { lineWidth: 0 }).trimEnd();
}

function isCollectionValue(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function readBack(text: string): string | undefined {
  try {
    return JSON.stringify(pruned(plain(parseYaml(text, "").value)));
  } catch {
    return undefined;
  }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

function applied(value: unknown, change: Change): unknown {
  const [key, ...rest] = change.path;
  if (key === undefined) return change.op === "append" ? [...(Array.isArray(value) ? (value as unknown[]) : []), change.value] : change.op === "set" ? change.value : undefined;
  if (Array.isArray(value)) {
    const copy = [...(value as unknown[])];
    const below = applied(copy[Number(key)], { ...change, path: rest });
    if (below === undefined) copy.splice(Number(key), 1);
    else copy[Number(key)] = below;
    return copy;
  }
  const object = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  return { ...object, [key]: applied(object[key], { ...change, path: rest }) };
}

/** Without keys that hold nothing: `head:` and no `head` are the same. Sorted, so that order does not matter. */
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, pruned(one)] as const);
  const kept = entries.filter(([, one]) => one !== undefined && one !== null && !(typeof one === "object" && !Array.isArray(one) && Object.keys(one).length === 0));
  return Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
