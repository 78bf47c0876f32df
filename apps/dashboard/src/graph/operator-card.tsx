// A chain in the graph: its operators one below the other, each a button that opens what is known of it.

import { plainName, showCount, showDuration, showPercent, showRate } from "../format.ts";
import { memo } from "../memo.ts";
import type { OperatorNumbers } from "../job/job-state.ts";
import { Icon } from "../ui/icons.tsx";
import { toneOf } from "../ui/status.tsx";
import type { Point } from "./layout.ts";
import { cardHeadHeight, operatorHeight, type Card, type PlanNode } from "./plan-graph.ts";

export interface OperatorCardProps {
  readonly card: Card;
  readonly corner: Point;
  readonly numbers: ReadonlyMap<string, OperatorNumbers>;
  readonly selected: string | undefined;
  readonly bottleneck: string | undefined;
  readonly onSelect: (nodeId: string) => void;
  readonly onFocus: (cardId: string) => void;
}

export function OperatorCard({ card, corner, numbers, selected, bottleneck, onSelect, onFocus }: OperatorCardProps) {
  const lags = card.operators.flatMap(({ id }) => numbers.get(id)?.lagMs ?? []);
  const lagMs = lags.length === 0 ? undefined : Math.max(...lags);
  return (
    <div class="op-card" style={{ left: `${corner.x}px`, top: `${corner.y}px`, width: `${card.width}px`, height: `${card.height}px` }}>
      <div class="op-card-head" style={{ height: `${cardHeadHeight}px` }}>
        {card.operators.length > 1 ? `chain of ${card.operators.length}` : (card.operators[0]?.kind ?? "")}
        {lagMs === undefined ? null : <span class="op-lag" title="how far its watermark is behind">lag {showDuration(lagMs)}</span>}
        <span title="parallel instances">×{card.parallelism}</span>
      </div>
      {card.operators.map((operator) => (
        <OperatorRow key={operator.id} operator={operator} cardId={card.id} load={numbers.get(operator.id)} isSelected={selected === operator.id} isBottleneck={bottleneck === card.id} onSelect={onSelect} onFocus={onFocus} />
      ))}
    </div>
  );
}

interface OperatorRowProps {
  readonly operator: PlanNode;
  readonly cardId: string;
  readonly load: OperatorNumbers | undefined;
  readonly isSelected: boolean;
  readonly isBottleneck: boolean;
  readonly onSelect: (nodeId: string) => void;
  readonly onFocus: (cardId: string) => void;
}

function Row({ operator, cardId, load, isSelected, isBottleneck, onSelect, onFocus }: OperatorRowProps) {
  const name = plainName(operator.name);
  const state = load?.state ?? "created";
  const isSource = load !== undefined && load.recordsIn === 0;
  const rate = isSource ? load.outRate : load?.inRate;
  const count = isSource ? load.recordsOut : (load?.recordsIn ?? 0);
  const words = [name, operator.kind, state, `parallelism ${operator.parallelism}`, rate === undefined ? `${showCount(count)} records` : showRate(rate), ...(load?.errors ? [`${load.errors} errors`] : []), ...(isBottleneck ? ["bottleneck"] : [])];
  return (
    <button type="button" class={`op tone-${toneOf(state)} load-${loadTone(load)} ${isBottleneck ? "bottleneck" : ""}`} style={{ height: `${operatorHeight}px` }} aria-pressed={isSelected} aria-label={words.join(", ")} onClick={() => onSelect(operator.id)} onFocus={() => onFocus(cardId)}>
      <span class="op-name"><bdi>{name}</bdi>{load && load.errors > 0 ? <span class="tone-bad"><Icon name="warning" /></span> : null}</span>
      <span class="op-numbers">
        <span class="op-kind">{state === "running" ? operator.kind : state}</span>
        <span class="number">{rate === undefined ? showCount(count) : showRate(rate)}</span>
      </span>
      <LoadBar load={load} />
    </button>
  );
}

const OperatorRow = memo(Row, (before, after) =>
  before.operator === after.operator && before.isSelected === after.isSelected && before.isBottleneck === after.isBottleneck && looksSame(before.load, after.load));

/** Whether two sets of numbers are drawn alike. */
function looksSame(a: OperatorNumbers | undefined, b: OperatorNumbers | undefined): boolean {
  if (!a || !b) return a === b;
  const shown = ({ state, recordsIn, recordsOut, inRate, outRate, errors, busy, backPressured, progress }: OperatorNumbers): string =>
    [state, showCount(recordsIn), showCount(recordsOut), showRate(inRate), showRate(outRate), errors, ...[busy, backPressured, progress].map((part) => (part === undefined ? "" : part.toFixed(2)))].join(" ");
  return shown(a) === shown(b);
}

/** Busy, waiting for room behind, idle: one bar. Without measurements, how far a source of known size is. */
function LoadBar({ load }: { readonly load: OperatorNumbers | undefined }) {
  if (load?.busy !== undefined) {
    return (
      <span class="load" title={`busy ${showPercent(load.busy)}, back-pressured ${showPercent(load.backPressured ?? 0)}, idle ${showPercent(load.idle ?? 0)}`}>
        <i class="busy" style={{ width: `${load.busy * 100}%` }} />
        <i class="pressed" style={{ width: `${(load.backPressured ?? 0) * 100}%` }} />
      </span>
    );
  }
  if (load?.progress === undefined || load.state !== "running") return null;
  return <span class="load" title={`${showPercent(load.progress)} done`}><i class="done" style={{ width: `${load.progress * 100}%` }} /></span>;
}

function loadTone(load: OperatorNumbers | undefined): string {
  if (load?.busy === undefined) return "unknown";
  if ((load.backPressured ?? 0) > 0.3) return "pressed";
  return load.busy > 0.7 ? "busy" : load.busy > 0.2 ? "working" : "idle";
}
