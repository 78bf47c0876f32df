// Which implementation keeps a node's windows.

import type { WindowAggregate } from "@sage/graph";
import type { OperatorContext } from "../operator-context.ts";
import type { FailurePolicy } from "./failure-policy.ts";
import { SlicedWindows } from "./sliced-windows.ts";
import { WindowResult } from "./window-result.ts";
import { gatherAll, type WindowSettings } from "./window-settings.ts";

export function windowsOf(policy: FailurePolicy, context: OperatorContext, fn: unknown): SlicedWindows {
  const settings = policy.node.graph.settings as unknown as WindowSettings;
  const result = new WindowResult(settings, policy, context, fn);
  const fold = (settings.mode === "process" ? gatherAll : fn) as WindowAggregate<unknown, unknown, unknown>;
  return new SlicedWindows(settings, fold, result, context);
}
