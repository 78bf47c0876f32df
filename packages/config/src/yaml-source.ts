// Reads YAML that may be hostile, and keeps the place of every value.
//
// Rules:
//   Y1. The text is bounded before it is parsed (1 MiB), its depth and its tokens while it is parsed, its values while
//       they are read: no input costs more than about a second, none ends the process.
//   Y2. No tags, no merge keys, no second document, no repeated key, no `__proto__`, `constructor` or `prototype`.
//   Y3. Maps become objects without a prototype. Nothing that a file names can reach Object.prototype.
//   Y4. A key with nothing behind it (`head:`) counts as not set, so that a template can be commented out line by line.
//
// The `yaml` package is driven token by token because `parseDocument` aborts the process (out of memory in a regular
// expression) on a megabyte of "[", and takes minutes for a map of 100,000 keys when it looks for repeated ones.
import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, Parser, type CST, type Document, type Node } from "yaml";
import { ConfigError, type ConfigFinding } from "./errors.ts";
import { dotted, type KeyPath } from "./json-schema.ts";
import { printable, showValue } from "./show-value.ts";

export const maxFileBytes = 1024 * 1024;
const maxDepth = 64;
const maxTokens = 200_000;
const maxTokenLength = 65_536;
// Each wrong escape is an error object of the parser with a stack: a quarter of a million of them take seconds.
const maxEscapes = 10_000;
const maxValues = 50_000;
const maxFindings = 100;
const reservedKeys = new Set(["__proto__", "constructor", "prototype"]);
const plainTag = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/;

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface YamlSource {
  /** How the file is named in messages. */
  readonly path: string;
  readonly text: string;
  /** Objects without a prototype, arrays, and scalars. An empty file is an empty object. */
  readonly value: unknown;
  /** Where the value at `path` stands, or the nearest value around it. */
  placeOf(path: KeyPath): Place;
  /** Where the key at `path` stands. */
  placeOfKey(path: KeyPath): Place;
}

/** @throws {@link ConfigError} with every finding. */
export function parseYaml(text: string, path: string): YamlSource {
  if (Buffer.byteLength(text) > maxFileBytes) {
    throw new ConfigError([{ path, key: "", message: `the file is larger than ${maxFileBytes} bytes`, hint: "a configuration needs a few hundred" }]);
  }
  const lines = new LineCounter();
  const document = compose(text, path, lines);
  const reader = new Reader(document, path, lines);
  const value = reader.readRoot();
  if (reader.findings.length > 0) throw new ConfigError(reader.findings.toSorted(inOrder));
  return { path, text, value, placeOf: (at) => reader.placeOf(at, false), placeOfKey: (at) => reader.placeOf(at, true) };
}

function compose(text: string, path: string, lines: LineCounter): Document {
  const fail = (message: string, offset: number, hint: string): never => {
    throw new ConfigError([{ path, ...placeAt(lines, offset), key: "", message, hint }]);
  };
  if (text.split("\\").length > maxEscapes) fail(`holds more than ${maxEscapes} backslashes`, 0, "a configuration needs none");
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme.length > maxTokenLength) fail(`holds a value of more than ${maxTokenLength} characters`, parser.offset, "name a file instead");
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > maxDepth * 2) fail(`is nested deeper than ${maxDepth} levels`, parser.offset, "write it flatter");
    if (++count > maxTokens) fail(`has more than ${maxTokens} words and marks`, parser.offset, "a configuration needs a few hundred");
  }
  for (const token of parser.end()) tokens.push(token);
  const composer = new Composer({ lineCounter: lines, prettyErrors: false, uniqueKeys: false, stringKeys: true, version: "1.2", schema: "core", merge: false });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (!document) throw new Error("the YAML composer gave no document");
  if (second) fail("holds a second document", second.range[0], "remove the line `---` and what follows it");
  return document;
}

/** Reads a document's nodes into values, and remembers where each stands. */
class Reader {
  readonly findings: ConfigFinding[] = [];
  readonly #places = new Map<string, { readonly key: number; readonly value: number }>();
  readonly #anchors = new Map<string, Node>();
  readonly #document: Document;
  readonly #path: string;
  readonly #lines: LineCounter;
  #values = 0;

  constructor(document: Document, path: string, lines: LineCounter) {
    this.#document = document;
    this.#path = path;
    this.#lines = lines;
  }

  readRoot(): unknown {
    for (const error of this.#document.errors) this.#find([], syntaxMessage(error.message, error.code), error.pos[0], syntaxHint(error.code));
    for (const warning of this.#document.warnings) this.#find([], printable(warning.message, 200), warning.pos[0]);
    if (this.findings.length > 0) return undefined;
    const root = this.#document.contents as Node | null;
    const value = root === null ? null : this.#read(root, [], root.range?.[0] ?? 0, 0);
    if (value === null) return emptyObject();
    if (!isMap(root) && this.findings.length === 0) this.#find([], `found ${showValue(value)}, allowed: keys and values`, root?.range?.[0] ?? 0);
    return value;
  }

  placeOf(path: KeyPath, ofKey: boolean): Place {
    for (let length = path.length; length > 0; length--) {
      const offsets = this.#places.get(JSON.stringify(path.slice(0, length)));
      if (offsets) return placeAt(this.#lines, ofKey || length < path.length ? offsets.key : offsets.value);
    }
    return { line: 1, column: 1 };
  }

  #find(path: KeyPath, message: string, offset: number, hint?: string): void {
    if (this.findings.length >= maxFindings) return;
    this.findings.push({ path: this.#path, ...placeAt(this.#lines, offset), key: dotted(path), message, ...(hint === undefined ? {} : { hint }) });
  }

  #read(node: Node, path: KeyPath, keyOffset: number, depth: number): unknown {
    const offset = node.range?.[0] ?? keyOffset;
    if (++this.#values > maxValues || depth > maxDepth) {
      if (this.#values === maxValues + 1 || depth > maxDepth) {
        this.#find(path, depth > maxDepth ? `is nested deeper than ${maxDepth} levels` : `holds more than ${maxValues} values, aliases written out`, offset, "write it without aliases");
      }
      this.#values = maxValues + 2;
      return null;
    }
    this.#places.set(JSON.stringify(path), { key: keyOffset, value: offset });
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target) return this.#read(target, path, keyOffset, depth + 1);
      this.#find(path, `the alias *${printable(node.source, 40)} has no anchor before it`, offset);
      return null;
    }
    if (node.tag !== undefined && !plainTag.test(node.tag)) this.#find(path, `has the tag ${printable(node.tag, 40)}`, offset, "remove it: tags are not allowed");
    const value = this.#readPlain(node, path, depth, offset);
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return value;
  }

  #readPlain(node: Node, path: KeyPath, depth: number, offset: number): unknown {
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map((item, i) => this.#read(item as Node, [...path, i], (item as Node).range?.[0] ?? offset, depth + 1));
    const object = emptyObject();
    if (!isMap(node)) return object;
    for (const pair of node.items) {
      const keyNode = pair.key as Node | null;
      const keyOffset = keyNode?.range?.[0] ?? offset;
      if (!isScalar(keyNode) || typeof keyNode.value !== "string" || keyNode.value === "") {
        this.#find(path, "has a key that is not a word", keyOffset, "write `key: value`");
        continue;
      }
      const key = keyNode.value;
      const below = [...path, key];
      if (reservedKeys.has(key)) this.#find(below, "is not allowed as a key", keyOffset, "rename it");
      else if (Object.hasOwn(object, key)) this.#find(below, "is written twice", keyOffset, "keep one of the two");
      else object[key] = pair.value === null ? null : this.#read(pair.value as Node, below, keyOffset, depth + 1);
      if (!this.#places.has(JSON.stringify(below))) this.#places.set(JSON.stringify(below), { key: keyOffset, value: keyOffset });
    }
    return object;
  }
}

/** An object without a prototype (Y3). */
export function emptyObject(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function inOrder(a: ConfigFinding, b: ConfigFinding): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function syntaxMessage(message: string, code: string): string {
  if (code === "TAB_AS_INDENT") return "found a tab, allowed: spaces before a key";
  return `is not YAML: ${printable(message, 200)}`;
}

function syntaxHint(code: string): string | undefined {
  if (code === "TAB_AS_INDENT") return "replace the tab by two spaces";
  if (code === "BAD_INDENT" || code === "MULTILINE_IMPLICIT_KEY") return "check the indentation of this line and the one before";
  return undefined;
}
