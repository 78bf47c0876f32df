// What the graph shows, wherever it is moved to: cards, lines, words. Each is drawn again only when its own figures say
// something else, so that hundreds of operators stay awake.

import { memo } from "../memo.ts";
import { plainName, showRate } from "../format.ts";
import type { OperatorNumbers } from "../job/job-state.ts";
import type { Layout, Point } from "./layout.ts";
import { OperatorCard } from "./operator-card.tsx";
import type { CardEdge, PlanGraph } from "./plan-graph.ts";

export interface GraphContentProps {
  readonly graph: PlanGraph;
  readonly layout: Layout;
  readonly numbers: ReadonlyMap<string, OperatorNumbers>;
  readonly selected: string | undefined;
  readonly bottleneck: string | undefined;
  readonly onSelect: (nodeId: string) => void;
  readonly onFocus: (cardId: string) => void;
}

const corner: Point = { x: 0, y: 0 };

function Content({ graph, layout, numbers, selected, bottleneck, onSelect, onFocus }: GraphContentProps) {
  const inputs = new Map<string, number>();
  for (const { toOperator } of graph.edges) inputs.set(toOperator, (inputs.get(toOperator) ?? 0) + 1);
  /** What passes an edge: what its end takes if this is its only input, else what its start emits. */
  const rateOf = ({ toOperator, fromOperator, tag }: CardEdge): number | undefined =>
    inputs.get(toOperator) === 1 ? numbers.get(toOperator)?.inRate : tag === undefined ? numbers.get(fromOperator)?.outRate : undefined;
  return (
    <>
      <svg class="edges" width={layout.width} height={layout.height} aria-hidden="true">
        <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" markerWidth="11" markerHeight="11" orient="auto"><path d="M0 0.500L7 4 0 7.500z" /></marker></defs>
        {graph.edges.map((edge) => <EdgeLine key={edge.id} feedback={edge.feedback} path={layout.edges[edge.id]?.path ?? ""} flowing={(rateOf(edge) ?? 0) > 0} lit={selected === edge.fromOperator || selected === edge.toOperator} />)}
      </svg>
      {graph.edges.map((edge) => <EdgeWords key={edge.id} edge={edge} at={layout.edges[edge.id]?.label} words={wordsOf(rateOf(edge))} />)}
      {graph.cards.map((card) => (
        <OperatorCard key={card.id} card={card} corner={layout.cards[card.id] ?? corner} numbers={numbers} selected={selected} bottleneck={bottleneck} onSelect={onSelect} onFocus={onFocus} />
      ))}
    </>
  );
}

const contentProps = ["graph", "layout", "numbers", "selected", "bottleneck"] as const;
export const GraphContent = memo(Content, (before, after) => contentProps.every((name) => before[name] === after[name]));

const wordsOf = (rate: number | undefined): string | undefined => (rate === undefined ? undefined : showRate(rate));

interface LineProps {
  readonly feedback: boolean;
  readonly path: string;
  readonly flowing: boolean;
  readonly lit: boolean;
}

const EdgeLine = memo(
  ({ feedback, path, flowing, lit }: LineProps) => <path d={path} class={`edge ${feedback ? "feedback" : ""} ${flowing ? "flowing" : ""} ${lit ? "lit" : ""}`} marker-end="url(#arrow)" />,
  (before, after) => before.path === after.path && before.flowing === after.flowing && before.lit === after.lit,
);

interface WordsProps {
  readonly edge: CardEdge;
  readonly at: Point | undefined;
  /** Its rate; undefined: not known. */
  readonly words: string | undefined;
}

const EdgeWords = memo(({ edge, at, words }: WordsProps) => {
  if (!at) return null;
  return (
    <span class="edge-words" style={{ left: `${at.x}px`, top: `${at.y}px` }}>
      {edge.feedback ? "loop · " : ""}{edge.partitioning}{edge.tag === undefined ? "" : ` · ${plainName(edge.tag)}`}
      {words === undefined ? null : <b>{words}</b>}
    </span>
  );
}, (before, after) => before.edge === after.edge && before.at === after.at && before.words === after.words);
