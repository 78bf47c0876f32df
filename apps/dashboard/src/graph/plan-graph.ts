// The plan as a picture: a card for each chain, a row in it for each operator, and the edges between cards. Pure.

export interface PlanNode {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly parallelism: number;
  readonly concurrency?: number;
  readonly onError?: unknown;
}

export interface PlanEdge {
  readonly from: string;
  readonly to: string;
  readonly partitioning: string;
  readonly tag?: string;
  readonly feedback: boolean;
  readonly chained: boolean;
  readonly keyed?: boolean;
}

export interface PlanShape {
  readonly nodes: readonly PlanNode[];
  readonly edges: readonly PlanEdge[];
  readonly chains: readonly { readonly id: string; readonly parallelism: number; readonly nodes: readonly string[] }[];
}

export interface Card {
  readonly id: string;
  readonly parallelism: number;
  readonly operators: readonly PlanNode[];
  readonly width: number;
  readonly height: number;
}

export interface CardEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly fromOperator: string;
  readonly toOperator: string;
  /** Row in the card, from 0. */
  readonly fromRow: number;
  readonly toRow: number;
  readonly partitioning: string;
  readonly tag: string | undefined;
  readonly feedback: boolean;
}

export interface PlanGraph {
  readonly cards: readonly Card[];
  readonly edges: readonly CardEdge[];
}

export const cardWidth = 248;
export const cardHeadHeight = 26;
export const operatorHeight = 46;
const cardFootHeight = 6;

/** Undefined if the plan is not one that this page can read. */
export function asPlan(value: unknown): PlanShape | undefined {
  const plan = value as Partial<PlanShape> | null | undefined;
  return plan && Array.isArray(plan.nodes) && Array.isArray(plan.edges) && Array.isArray(plan.chains) ? (plan as PlanShape) : undefined;
}

export function planGraph({ nodes, edges, chains }: PlanShape): PlanGraph {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const place = new Map<string, { readonly card: string; readonly row: number }>();
  const cards = chains.map(({ id, parallelism, nodes: ids }): Card => {
    const operators = ids.flatMap((nodeId) => byId.get(nodeId) ?? []);
    operators.forEach((operator, row) => place.set(operator.id, { card: id, row }));
    return { id, parallelism, operators, width: cardWidth, height: cardHeadHeight + operators.length * operatorHeight + cardFootHeight };
  });
  const between = edges.flatMap((edge, index): CardEdge[] => {
    const [from, to] = [place.get(edge.from), place.get(edge.to)];
    if (!from || !to || (edge.chained && from.card === to.card)) return [];
    return [{
      id: `e${index}`, from: from.card, to: to.card, fromOperator: edge.from, toOperator: edge.to, fromRow: from.row, toRow: to.row,
      partitioning: edge.partitioning, tag: edge.tag, feedback: edge.feedback,
    }];
  });
  return { cards, edges: between };
}

/** Middle of an operator's row, from the top of its card. */
export const rowMiddle = (row: number): number => cardHeadHeight + row * operatorHeight + operatorHeight / 2;
