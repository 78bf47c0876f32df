// Lays graphs out beside the page, so that it stays awake.

import { layoutOf } from "./layout.ts";
import type { PlanGraph } from "./plan-graph.ts";

addEventListener("message", ({ data }: MessageEvent<PlanGraph>) => postMessage(layoutOf(data)));
