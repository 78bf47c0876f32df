// Which implementation keeps a node's windows.

import { eventTimeTrigger, processingTimeTrigger, type Trigger, type WindowAggregate } from "@sage/graph";
import type { OperatorContext } from "../operator-context.ts";
import { CountWindows } from "./count-windows.ts";
import type { FailurePolicy } from "./failure-policy.ts";
import { KeyedWindows } from "./keyed-windows.ts";
import { SlicedWindows } from "./sliced-windows.ts";
import { WindowResult } from "./window-result.ts";
import { gatherAll, type WindowSettings } from "./window-settings.ts";

/** @param trigger - of the user's own; undefined: that of the windows. */
export function windowsOf(policy: FailurePolicy, context: OperatorContext, fn: unknown, trigger: Trigger<unknown> | undefined): SlicedWindows | KeyedWindows | CountWindows {
  const settings = policy.node.graph.settings as unknown as WindowSettings;
  const { windows } = settings;
  const result = new WindowResult(settings, policy, context, fn);
  const fold = (settings.mode === "process" ? gatherAll : fn) as WindowAggregate<unknown, unknown, unknown>;
  if (windows.type === "count") return new CountWindows(settings, fold, result, context);
  if (windows.type === "sliding" && trigger === undefined) return new SlicedWindows(settings, fold, result, context);
  const byClock = "time" in windows && windows.time === "processing";
  return new KeyedWindows(settings, fold, trigger ?? (byClock ? processingTimeTrigger() : eventTimeTrigger()), result, context);
}
