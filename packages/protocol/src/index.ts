export {
  planVersion,
  type ErrorPolicy, type NodeKind, type Partitioning, type Plan, type PlanChain, type PlanEdge, type PlanLoop,
  type PlanNode, type PlanService,
} from "./plan.ts";
