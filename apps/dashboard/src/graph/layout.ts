// Where the cards of a graph go: layers from left to right (dagre: Gansner et al., "A Technique for Drawing Directed
// Graphs", 1993), and the lines between them. Pure; run in a worker, because hundreds of operators take a while.

import { Graph, layout as place } from "@dagrejs/dagre";
import { rowMiddle, type PlanGraph } from "./plan-graph.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Upper left corner of each card. */
  readonly cards: Readonly<Record<string, Point>>;
  readonly edges: Readonly<Record<string, { readonly path: string; readonly label: Point }>>;
}

const margin = 20;
/** Room for an edge's words. */
const [labelWidth, labelHeight] = [96, 38];

export function layoutOf({ cards, edges }: PlanGraph): Layout {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", ranksep: 36, nodesep: 28, edgesep: 14, marginx: margin, marginy: margin });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of cards) graph.setNode(id, { width, height });
  for (const { id, from, to, feedback } of edges) if (from !== to) graph.setEdge(from, to, { width: labelWidth, height: labelHeight, labelpos: "c", weight: feedback ? 0 : 1 }, id);
  place(graph);
  const sizes = new Map(cards.map((card) => [card.id, card]));
  const corners: Record<string, Point> = {};
  for (const { id, width, height } of cards) {
    const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
    corners[id] = { x: x - width / 2, y: y - height / 2 };
  }
  const lines: Record<string, { path: string; label: Point }> = {};
  let lowest = Math.max(0, ...cards.map(({ id, height }) => (corners[id]?.y ?? 0) + height));
  for (const edge of edges) {
    const [from, to] = [corners[edge.from], corners[edge.to]];
    if (!from || !to) continue;
    const start = { x: from.x + (sizes.get(edge.from)?.width ?? 0), y: from.y + rowMiddle(edge.fromRow) };
    const end = { x: to.x, y: to.y + rowMiddle(edge.toRow) };
    if (end.x < start.x + 8) {
      lowest += 26;
      lines[edge.id] = { path: around(start, end, lowest), label: { x: (start.x + end.x) / 2, y: lowest } };
    } else {
      const { points = [], x, y } = (graph.edge(edge.from, edge.to, edge.id) ?? {}) as { points?: Point[]; x?: number; y?: number };
      const label = x === undefined || y === undefined ? { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 } : { x, y };
      const isShort = points.length <= 5;
      const between = isShort ? [label] : points.slice(1, -1).filter((point) => point.x > start.x + 30 && point.x < end.x - 30);
      lines[edge.id] = { path: curve([start, ...between, end]), label };
    }
  }
  const width = Math.max(...cards.map(({ id, width }) => (corners[id]?.x ?? 0) + width), 0) + margin;
  return { width, height: lowest + margin, cards: corners, edges: lines };
}

/** Leaves and arrives level, bends in between. */
function curve(points: readonly Point[]): string {
  let path = `M${at(points[0]!)}`;
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1]!, points[i]!];
    const pull = (to.x - from.x) / 2;
    path += `C${at({ x: from.x + pull, y: from.y })} ${at({ x: to.x - pull, y: to.y })} ${at(to)}`;
  }
  return path;
}

/** Below everything, and back to the left: a loop. */
function around(start: Point, end: Point, y: number): string {
  return `M${at(start)}C${at({ x: start.x + 60, y: start.y })} ${at({ x: start.x + 60, y })} ${at({ x: start.x, y })}L${at({ x: end.x, y })}C${at({ x: end.x - 60, y })} ${at({ x: end.x - 60, y: end.y })} ${at(end)}`;
}

const at = ({ x, y }: Point): string => `${Math.round(x)} ${Math.round(y)}`;
