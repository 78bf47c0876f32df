// A graph's layout, as soon as the worker has made it.

import { useEffect, useState } from "preact/hooks";
import type { Layout } from "./layout.ts";
import type { PlanGraph } from "./plan-graph.ts";

export type LayoutState = { readonly kind: "making" } | { readonly kind: "made"; readonly layout: Layout } | { readonly kind: "failed" };

export function useLayout(graph: PlanGraph): LayoutState {
  const [state, setState] = useState<LayoutState>({ kind: "making" });
  useEffect(() => {
    const worker = new Worker(new URL("./layout-worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Layout>) => {
      setState({ kind: "made", layout: data });
      worker.terminate();
    };
    worker.onerror = () => setState({ kind: "failed" });
    worker.postMessage(graph);
    return () => worker.terminate();
  }, [graph]);
  return state;
}
