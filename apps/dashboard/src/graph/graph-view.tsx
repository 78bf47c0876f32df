// The job's graph, living: cards of chained operators, lines with partitioning and rate, to be moved and magnified.

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { OperatorNumbers } from "../job/job-state.ts";
import { Icon } from "../ui/icons.tsx";
import { Skeleton } from "../ui/notice.tsx";
import type { Layout } from "./layout.ts";
import { GraphContent } from "./graph-content.tsx";
import { planGraph, type PlanShape } from "./plan-graph.ts";
import { useLayout } from "./use-layout.ts";

export interface GraphViewProps {
  readonly plan: PlanShape;
  readonly numbers: ReadonlyMap<string, OperatorNumbers>;
  readonly selected: string | undefined;
  /** Id of the chain that holds the job back. */
  readonly bottleneck: string | undefined;
  readonly onSelect: (nodeId: string) => void;
}

interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const [leastScale, mostScale] = [0.05, 1.6];
/** Names can be read: a graph that does not fit begins like this, at its sources. */
const readableScale = 0.5;
const [leastHeight, mostHeight] = [220, 500];
/** Lines of larger graphs do not flow: a browser without a graphics card would draw nothing else. */
const mostFlowing = 60;
/** At the bottom, for the buttons. */
const toolsHeight = 44;

export function GraphView({ plan, ...props }: GraphViewProps) {
  const graph = useMemo(() => planGraph(plan), [plan]);
  const made = useLayout(graph);
  if (made.kind === "failed") return <p class="muted">The graph could not be laid out; the table of operators below has everything.</p>;
  if (made.kind === "making") return <Skeleton lines={3} />;
  return <Canvas graph={graph} layout={made.layout} {...props} />;
}

type CanvasProps = Omit<GraphViewProps, "plan"> & { readonly graph: ReturnType<typeof planGraph>; readonly layout: Layout };

function Canvas({ graph, layout, numbers, selected, bottleneck, onSelect }: CanvasProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View>({ x: 0, y: 0, scale: 1 });
  const [width, setWidth] = useState(0);
  const moved = useRef(false); // by the person: then it stays where it is
  const fitScale = width === 0 ? 1 : Math.min(1, (width - 8) / layout.width);
  const height = Math.round(Math.min(mostHeight, Math.max(leastHeight, layout.height * Math.max(fitScale, 0.35) + toolsHeight)));
  const fit = (least = leastScale) => {
    moved.current = false;
    const scale = Math.max(least, Math.min(fitScale, (height - toolsHeight) / layout.height));
    const y = (height - toolsHeight - layout.height * scale) / 2;
    setView({ scale, x: Math.max(4, (width - layout.width * scale) / 2), y: least === leastScale ? Math.max(4, y) : y });
  };
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const resized = new ResizeObserver(() => setWidth(element.clientWidth));
    resized.observe(element);
    setWidth(element.clientWidth);
    return () => resized.disconnect();
  }, []);
  useEffect(() => { if (width > 0 && !moved.current) fit(readableScale); }, [layout, width, height]);
  const change = (next: (before: View) => View) => {
    moved.current = true;
    setView(next);
  };
  const zoom = (by: number, at = { x: width / 2, y: height / 2 }) => change((before) => {
    const scale = Math.min(mostScale, Math.max(leastScale, before.scale * by));
    const ratio = scale / before.scale;
    return { scale, x: at.x - (at.x - before.x) * ratio, y: at.y - (at.y - before.y) * ratio };
  });
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return; // the page scrolls
      event.preventDefault();
      const box = element.getBoundingClientRect();
      zoom(Math.exp(-(event.deltaY || event.deltaX) / 300), { x: event.clientX - box.left, y: event.clientY - box.top });
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  });
  const drag = (event: PointerEvent) => {
    if (event.button !== 0 || (event.target as Element).closest("button")) return;
    const element = event.currentTarget as HTMLElement;
    element.setPointerCapture(event.pointerId);
    const [fromX, fromY] = [event.clientX - view.x, event.clientY - view.y];
    const move = (to: PointerEvent) => change((before) => ({ ...before, x: to.clientX - fromX, y: to.clientY - fromY }));
    element.addEventListener("pointermove", move);
    element.classList.add("moving"); // a layer of its own as long as it moves: nothing is painted anew
    const end = new AbortController();
    for (const name of ["pointerup", "pointercancel"]) element.addEventListener(name, () => end.abort(), { signal: end.signal });
    end.signal.addEventListener("abort", () => {
      element.classList.remove("moving");
      element.removeEventListener("pointermove", move);
    });
  };
  const moveByKey = (event: KeyboardEvent) => {
    const step: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    const by = step[event.key];
    if (by && event.target === frame.current) {
      event.preventDefault();
      change((before) => ({ ...before, x: before.x + by[0], y: before.y + by[1] }));
    } else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") fit();
  };
  const show = (cardId: string) => {
    const [corner, card] = [layout.cards[cardId], graph.cards.find(({ id }) => id === cardId)];
    const element = frame.current;
    if (!corner || !card || !element) return;
    element.scrollTo(0, 0); // the browser may have moved it to show the focus
    setView((before) => {
      const [left, top] = [corner.x * before.scale + before.x, corner.y * before.scale + before.y];
      const [right, bottom] = [left + card.width * before.scale, top + card.height * before.scale];
      const x = left < 8 ? 8 - left : right > width - 8 ? width - 8 - right : 0;
      const y = top < 8 ? 8 - top : bottom > height - 8 ? height - 8 - bottom : 0;
      return x === 0 && y === 0 ? before : { ...before, x: before.x + x, y: before.y + y };
    });
  };
  // The same functions for ever, so that what is drawn stays as it is while the graph is moved about.
  const latest = useRef({ onSelect, show });
  latest.current = { onSelect, show };
  const select = useCallback((nodeId: string) => latest.current.onSelect(nodeId), []);
  const focus = useCallback((cardId: string) => latest.current.show(cardId), []);
  return (
    <div class={`graph ${graph.edges.length > mostFlowing ? "many" : ""}`} style={{ height: `${height}px` }} ref={frame} onPointerDown={drag} onKeyDown={moveByKey} tabIndex={0} role="group" aria-label="Graph of the job; arrows move it, plus and minus magnify">
      <div class="graph-content" style={{ width: `${layout.width}px`, height: `${layout.height}px`, transform: `translate(${view.x}px,${view.y}px) scale(${view.scale})` }}>
        <GraphContent graph={graph} layout={layout} numbers={numbers} selected={selected} bottleneck={bottleneck} onSelect={select} onFocus={focus} />
      </div>
      {hasLoads(numbers) ? <p class="graph-legend"><i class="busy" />busy<i class="pressed" />back-pressured<i class="idle" />idle</p> : null}
      <div class="graph-tools">
        <button type="button" aria-label="Magnify" title="Magnify (+)" onClick={() => zoom(1.25)}><Icon name="plus" /></button>
        <button type="button" aria-label="Make smaller" title="Make smaller (-)" onClick={() => zoom(0.8)}><Icon name="minus" /></button>
        <button type="button" aria-label="Show the whole graph" title="Show the whole graph (0)" onClick={() => fit()}><Icon name="fit" /></button>
      </div>
    </div>
  );
}

const hasLoads = (numbers: ReadonlyMap<string, OperatorNumbers>): boolean => [...numbers.values()].some(({ busy }) => busy !== undefined);
