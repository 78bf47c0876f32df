import type { Plan } from "@sage/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { planOf } from "../testing/test-daemon.ts";
import { parsePlan } from "./plan-check.ts";

const parse = (plan: unknown) => parsePlan(JSON.stringify(plan));
const good = planOf();
const [source, sink] = good.nodes as [Plan["nodes"][0], Plan["nodes"][0]];
const [edge] = good.edges as [Plan["edges"][0]];
const [chain] = good.chains as [Plan["chains"][0]];

test("a well-formed plan comes back as it was", () => {
  expect(parse(good)).toEqual(good);
});

test.each<[string, unknown, string]>([
  ["no operators", { ...good, nodes: [] }, "no operators"],
  ["another version", { ...good, version: 2 }, "version"],
  ["nodes that are no list", { ...good, nodes: { length: 1 } }, "list of nodes"],
  ["a node that is null", { ...good, nodes: [null] }, "list of nodes"],
  ["an unknown kind", { ...good, nodes: [source, { ...sink, kind: "evil" }] }, '"sink"'],
  ["a kind from the prototype", { ...good, nodes: [source, { ...sink, kind: "constructor" }] }, '"sink"'],
  ["a repeated id", { ...good, nodes: [source, source] }, '"source"'],
  ["parallelism 0", { ...good, nodes: [{ ...source, parallelism: 0 }, sink] }, '"source"'],
  ["parallelism NaN", { ...good, nodes: [{ ...source, parallelism: NaN }, sink] }, '"source"'],
  ["parallelism 1.5", { ...good, nodes: [{ ...source, parallelism: 1.5 }, sink] }, '"source"'],
  ["parallelism -1", { ...good, nodes: [{ ...source, parallelism: -1 }, sink] }, '"source"'],
  ["parallelism as text", { ...good, nodes: [{ ...source, parallelism: "2" }, sink] }, '"source"'],
  ["parallelism beyond all integers", { ...good, nodes: [source, { ...sink, parallelism: 1e300 }] }, '"sink"'],
  ["an edge from nowhere", { ...good, edges: [{ ...edge, from: "nobody" }] }, '"nobody"'],
  ["an operator that feeds itself", { ...good, edges: [edge, { ...edge, from: "sink", to: "sink" }] }, '"sink"'],
  ["a node without an id", { ...good, nodes: [source, { ...sink, id: "" }] }, "without an id"],
  ["a dangling edge", { ...good, edges: [{ ...edge, to: "nobody" }] }, '"nobody"'],
  ["a cycle without a feedback edge", { ...good, edges: [edge, { ...edge, from: "sink", to: "source" }] }, "cycle"],
  ["an operator in no chain", { ...good, chains: [{ ...chain, nodes: ["source"] }] }, '"sink"'],
  ["an operator in two chains", { ...good, chains: [chain, chain] }, '"source"'],
  ["a chain of another width", { ...good, chains: [{ ...chain, parallelism: 1 }] }, '"source"'],
  ["a loop over an unknown chain", { ...good, loops: [{ id: "l", futures: [], chains: ["x"] }] }, '"l"'],
  ["a wrong number of workers", { ...good, slots: 1 }, "widest"],
  ["no fingerprint", { ...good, fingerprint: "" }, "fingerprint"],
])("a plan with %s is refused with the place", (_what, plan, said) => {
  expect(() => parse(plan)).toThrow(said);
});

test("a billion workers are refused by the limit, with the operator that wants them", () => {
  expect(() => parse(planOf({ parallelism: 1e9 }))).toThrow('operator "source" has the parallelism 1000000000; the limit here is 256');
});

test("a plan as large as the limits allow is taken; one operator or edge more is refused, with the limit", () => {
  const chainOf = (count: number) => {
    const nodes = Array.from({ length: count }, (_, index) => ({ ...source, id: `n${index}` }));
    const edges = nodes.slice(1).map(({ id }, index) => ({ ...edge, from: `n${index}`, to: id }));
    return { ...good, nodes, edges, chains: [{ ...chain, id: "n0", nodes: nodes.map(({ id }) => id) }] };
  };
  const largest = chainOf(2_000);
  expect(() => parse(largest)).not.toThrow();
  expect(() => parse(chainOf(2_001))).toThrow("its plan has 2001 operators; the limit is 2000");
  const dense = Array.from({ length: 20_000 }, (_, index) => largest.edges[index % largest.edges.length]!);
  expect(() => parse({ ...largest, edges: dense })).not.toThrow();
  expect(() => parse({ ...largest, edges: [...dense, edge] })).toThrow("its plan has 20001 edges; the limit is 20000");
});

test("a feedback edge may go back", () => {
  expect(() => parse({ ...good, edges: [edge, { ...edge, from: "sink", to: "source", feedback: true }] })).not.toThrow();
});

test("a cycle is found in time that grows with the plan, not with its paths", () => {
  const ids = Array.from({ length: 500 }, (_, index) => `n${index}`);
  const edges = ids.slice(1).flatMap((to, index) => [1, 2, 3].map((step) => ({ ...edge, from: ids[Math.max(0, index + 1 - step)], to })));
  const plan = { ...good, nodes: ids.map((id) => ({ ...source, id })), edges, chains: ids.map((id) => ({ ...chain, id, nodes: [id] })) };
  expect(() => parse(plan)).not.toThrow();
  expect(() => parse({ ...plan, edges: [...edges, { ...edge, from: "n499", to: "n0" }] })).toThrow("cycle");
});

test("any other JSON is refused by an error of ours", () => {
  fc.assert(fc.property(fc.json(), (json) => {
    expect(() => parsePlan(json)).toThrow(expect.objectContaining({ code: "SAGE_JOB_INVALID" }));
  }));
  fc.assert(fc.property(fc.constantFrom("nodes", "edges", "chains", "loops", "services"), fc.array(fc.object()), (list, value) => {
    try { parse({ ...good, [list]: value }); } catch (error) { expect(error).toMatchObject({ code: "SAGE_JOB_INVALID" }); }
  }));
});
