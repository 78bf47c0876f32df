// Writes the text of the functions that one chain instance runs.
//
// A chain becomes straight code: one loop over a batch in which every operator's call has its own place, so that the
// engine sees one shape of function per call site and can inline it. Nothing waits in that code. Where a call returns
// a promise, the loop stops and returns a promise of the record's end; the rest of that record's path runs as small
// step functions.
//
// Names in the text, for the operator at place k:
//   fk its function · xk its context · tk its state · kk its key selector · sk its failure policy · qk its own runtime
//   Pk(v) the path from operator k on, written out · Tk(v) the same in steps · Mk(v), Ek(v) what follows a result of k,
//   written out and in steps · Xk_n(v) the same for side output n · Ak(v) calls the function again · Kk(result, v) goes
//   on behind a promise · Fk(v), Jk(v) operators with many results for one record
//   Re(batch, from, to) the loop for input e · B the same for a source's batches · pull(max) a source asked one by one
//   W[0] the time of the record in work · S the scope · C its counters · at the place of the operator whose code runs

import type { UserFunction } from "@sage/graph";
import { isConcurrent, isSource, type ChainLayout, type ChainNode, type Target } from "./layout.ts";
import { aggregateCode, collectingCode, filterCode, joinCode, mapCode, pullCode, reduceCode, sinkCode } from "./operator-code.ts";
import { timestampCode, windowCode } from "./time-code.ts";

/** So many operators are written out in one function; longer paths go on in another, else it is never optimised. */
const longestPath = 48;

/** How a piece of text leaves its function. */
export interface Mode {
  /** In a loop over records: leaving means going on with the next one. */
  readonly loop: boolean;
  /** Calls what follows step by step instead of writing it out. */
  readonly steps: boolean;
  readonly depth: number;
  /** Text that brings counter 0 up to date when the loop is left. */
  readonly leave: string;
}

/** An operator as one of its inputs reaches it. */
export interface Site {
  readonly node: ChainNode;
  readonly at: number;
  /** Distinguishes the functions of this site. */
  readonly id: string;
  readonly port: number;
  /** Text that selects the key of the record `v`; undefined where the input is not keyed. */
  readonly keyOf: ((v: string) => string) | undefined;
}

const stepping: Mode = { loop: false, steps: true, depth: 0, leave: "" };
const writingOut: Mode = { loop: false, steps: false, depth: 0, leave: "" };

export class CodeWriter {
  readonly layout: ChainLayout;
  readonly #written = new Map<string, string>();
  readonly #waiting: (() => void)[] = [];

  constructor(layout: ChainLayout) {
    this.layout = layout;
  }

  /** The body of a function of (S, f, x, k, ke, s, q, o, SKIP, IDLE, UNDEF) that returns the chain's entries. */
  write(): string {
    const root = this.layout.nodes[0]!;
    const entries = isSource(root.plan.kind) ? this.#sourceEntries(root) : `entries: [${this.layout.inputs.map((_, edge) => this.#loop(this.#rootSite(edge), `R${edge}`)).join(", ")}]`;
    const connects = this.layout.nodes.map((node) => this.#connect(node)).join("\n");
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) next();
    const { nodes, inputs, outputs } = this.layout;
    return [
      '"use strict";', "const C = S.counts, W = S.time; let at = 0;",
      ...nodes.map(({ at }) => `const f${at} = f[${at}], x${at} = x[${at}], t${at} = x${at}.state, k${at} = k[${at}], s${at} = s[${at}], q${at} = q[${at}];`),
      ...inputs.map((_, edge) => `const ke${edge} = ke[${edge}];`),
      ...outputs.map((_, output) => `const o${output} = o[${output}];`),
      ...this.#written.values(),
      connects,
      `return { place: () => at, ${entries} };`,
    ].join("\n");
  }

  /** Text that leaves with a promise. */
  suspend(mode: Mode, promise: string): string {
    return mode.loop ? `{ S.next = i + 1; ${mode.leave} return ${promise}; }` : `return ${promise};`;
  }

  /** Text that ends the record's path here. */
  drop(mode: Mode): string {
    return mode.loop ? "break rec;" : "return undefined;";
  }

  /** Text of a call at the end of a path, which may return a promise. */
  last(mode: Mode, call: string, site: string): string {
    return mode.loop ? `const p${site} = ${call}; if (p${site} !== undefined) ${this.suspend(mode, `p${site}`)}` : `return ${call};`;
  }

  /** Makes sure that a function is written, once; returns its name. */
  fn(name: string, parameters: string, body: () => string): string {
    if (!this.#written.has(name)) {
      this.#written.set(name, "");
      this.#waiting.push(() => this.#written.set(name, `function ${name}(${parameters}) {\n${body()}\n}`));
    }
    return name;
  }

  /** Like {@link fn}, for code that calls user functions in place: names the operator that failed. */
  path(name: string, body: () => string): string {
    return this.fn(name, "v", () => `try {\n${body()}\n} catch (e) { throw S.fail(e, at); }`);
  }

  /** What follows a result of an operator, as a function of the result. */
  steps(node: ChainNode): string {
    return this.path(`E${node.at}`, () => this.emit(node, "v", stepping));
  }

  /** The same, written out. */
  emitted(node: ChainNode): string {
    return this.path(`M${node.at}`, () => this.emit(node, "v", writingOut));
  }

  /** Side outputs of an operator: tag → name of the function that takes them. */
  sides(node: ChainNode): [string, string][] {
    return [...node.sides].map(([tag, targets], n) => [tag, this.path(`X${node.at}_${n}`, () => `${this.#count(node)}${this.#toTargets(targets, "v", writingOut, `${node.at}x`)}`)]);
  }

  /** Text that passes the result `v` of an operator on. */
  emit(node: ChainNode, v: string, mode: Mode): string {
    return `${this.#count(node)}${this.#toTargets(node.targets, v, mode, String(node.at))}`;
  }

  #count(node: ChainNode): string {
    return node.countsEmitted ? `C[${node.emitted}]++; ` : "";
  }

  #toTargets(targets: readonly Target[], v: string, mode: Mode, id: string): string {
    const [first, ...others] = targets;
    if (first === undefined) return mode.loop ? "" : "return undefined;";
    if (others.length === 0) return this.#toTarget(first, v, mode, id);
    const calls = targets.map((target) => this.#callOf(target, v));
    const timed = targets.some((target) => target.to === "node" ? this.layout.nodes[target.at]!.timed : this.#isTimedOutput(target.output));
    const rest = calls.slice(1).map((call) => `${timed ? `W[0] = w${id}; ` : ""}p${id} = S.both(p${id}, ${call});`).join(" ");
    return `${timed ? `const w${id} = W[0]; ` : ""}let p${id} = ${calls[0]}; ${rest} if (p${id} !== undefined) ${this.suspend(mode, `p${id}`)}${mode.loop ? "" : " return undefined;"}`;
  }

  #isTimedOutput(output: number): boolean {
    const to = this.layout.outputs[output]!;
    return to.kind === "edge" && to.edge.plan.timed === true;
  }

  #toTarget(target: Target, v: string, mode: Mode, id: string): string {
    if (target.to === "output") return this.last(mode, this.#callOf(target, v), id);
    const node = this.layout.nodes[target.at]!;
    if (mode.steps && node.at % longestPath !== 0) return this.last(mode, `${this.path(`T${node.at}`, () => this.node(this.#siteOf(node), "v", stepping))}(${v})`, id);
    if (mode.steps || mode.depth >= longestPath) return this.last(mode, this.#callOf(target, v), id);
    return this.node(this.#siteOf(node), v, { ...mode, depth: mode.depth + 1 });
  }

  #callOf(target: Target, v: string): string {
    if (target.to === "output") return `(at = -1, o${target.output}.push(${v}))`;
    const node = this.layout.nodes[target.at]!;
    return `${this.path(`P${node.at}`, () => this.node(this.#siteOf(node), "v", writingOut))}(${v})`;
  }

  /** Text of an operator and of what follows it. */
  node(site: Site, v: string, mode: Mode): string {
    const { node } = site;
    const begin = `at = ${site.at};`;
    const count = node.countsTaken ? ` C[${node.taken}]++;` : "";
    if (isConcurrent(node.plan)) return `${begin} ${this.last(mode, `q${site.at}.push(${v}, ${this.again(site)})`, site.id)}`;
    switch (node.plan.kind) {
      case "map": case "coMap": return `${begin}${count} ${mapCode(this, site, v, mode)}`;
      case "filter": return `${begin}${count} ${filterCode(this, site, v, mode)}`;
      case "sink": return `${begin}${count} ${sinkCode(this, site, v, mode)}`;
      case "reduce": return `${begin}${count} ${reduceCode(this, site, v, mode)}`;
      case "aggregate": return `${begin}${count} ${aggregateCode(this, site, v, mode)}`;
      case "flatMap": case "process": case "broadcastProcess": return this.last(mode, `${collectingCode(this, site)}(${v})`, site.id);
      case "join": return this.last(mode, `${joinCode(this, site)}(${v})`, site.id);
      case "assignTimestamps": return `${begin}${count} ${timestampCode(this, site, v, mode)}`;
      case "window": case "windowJoin": case "intervalJoin": return this.last(mode, `${windowCode(this, site)}(${v})`, site.id);
      case "print": return `${begin}${count} ${this.last(mode, `q${site.at}.print(${v})`, site.id)}`;
      default: return `${begin} ${this.emit(node, v, mode)}`;
    }
  }

  /** Name of the function that calls a site's operator with a record once more. */
  again(site: Site): string {
    return this.fn(`A${site.id}`, `v, x = x${site.at}`, () => `${this.selectKey(site, "v")} return ${this.call(site, "v", "x")};`);
  }

  /** Text that makes a record's key the current one. */
  selectKey(site: Site, v: string): string {
    return site.keyOf ? `t${site.at}.select(${site.keyOf(v)});` : "";
  }

  /** Text that calls a site's function with a record. */
  call(site: Site, v: string, context = `x${site.at}`): string {
    const { fn } = site.node.graph;
    const { kind } = site.node.plan;
    if (kind === "assignTimestamps") return `q${site.at}.timeOf(f${site.at}(${v}, ${context}))`;
    if (kind === "broadcastProcess") return `(x${site.at}.broadcasts.enter(${site.port}), f${site.at}.${site.port === 0 ? "execute" : "executeBroadcast"}(${v}, ${context}))`;
    if (fn?.form === "function") return `f${site.at}(${v}, ${context})`;
    if (kind === "coMap") return `f${site.at}.map${site.port}(${v})`;
    return `f${site.at}.execute(${v}${kind === "flatMap" || kind === "process" ? `, ${context}` : ""})`;
  }

  #siteOf(node: ChainNode): Site {
    return { node, at: node.at, id: String(node.at), port: 0, keyOf: keyText(node.key, `k${node.at}`) };
  }

  #rootSite(edge: number): Site {
    const { plan, key } = this.layout.inputs[edge]!;
    return { node: this.layout.nodes[0]!, at: 0, id: `0_${edge}`, port: plan.port, keyOf: keyText(key, `ke${edge}`) };
  }

  /** The loop over a batch; the first node's records are counted by the loop unless it counts for itself. */
  #loop(site: Site, name: string): string {
    const counts = !site.node.countsTaken;
    const leave = counts ? "C[0] += i + 1 - from;" : "";
    const timed = name !== "B" && site.node.timed;
    return this.fn(name, "batch, from, to", () => [
      timed ? "const times = batch.times;" : "",
      "let i = from;", "try {", "for (; i < to; i++) {", "const v = batch[i];", timed ? "W[0] = times === undefined ? NaN : times[i];" : "",
      `rec: { ${this.node(site, "v", { loop: true, steps: false, depth: 0, leave })} }`,
      `} } catch (e) { ${leave} throw S.fail(e, at); }`,
      counts ? "C[0] += to - from;" : "", "return undefined;",
    ].join("\n"));
  }

  #sourceEntries(root: ChainNode): string {
    const batches = this.#loop(this.#siteOf(root), "B");
    if (root.plan.kind !== "batch" && root.plan.kind !== "source") return `entries: [${batches}]`;
    return `entries: [${batches}], pull: ${this.fn("pull", "max", () => pullCode(this, root))}`;
  }

  /** Hands an operator's runtime the functions that it calls from outside the path of records. */
  #connect(node: ChainNode): string {
    const at = node.at;
    if (isConcurrent(node.plan)) return `q${at}.connect(${this.passOf(node)});`;
    switch (node.plan.kind) {
      case "batch": case "source": return `q${at}.connect(${this.steps(node)});`;
      case "reduce": case "aggregate": case "join": case "intervalJoin": return `q${at}.connect(${this.emitted(node)});`;
      case "flatMap": case "process": case "broadcastProcess": case "window": case "windowJoin": return `q${at}.connect(${this.emitted(node)}, ${sideTable(this.sides(node))});`;
      default: return "";
    }
  }

  /** Text of the function that takes a result which was waited for: (result, record). */
  passOf(node: ChainNode): string {
    switch (node.plan.kind) {
      case "sink": return "undefined";
      case "filter": return this.fn(`K${node.at}`, "ok, v", () => `return ok ? ${this.steps(node)}(v) : undefined;`);
      case "flatMap": case "process": return `${this.emitted(node)}, ${sideTable(this.sides(node))}`;
      default: return this.steps(node);
    }
  }
}

const keyText = (key: UserFunction | undefined, name: string) =>
  key && ((v: string) => (key.form === "function" ? `${name}(${v})` : `${name}.execute(${v})`));

const sideTable = (sides: readonly [string, string][]) => `new Map([${sides.map(([tag, name]) => `[${JSON.stringify(tag)}, ${name}]`).join(", ")}])`;
