// Which hosts a daemon's workers run on, and which of them it has reason to think dead before Ray does (20 to 65 s).
//
// Rule: as long as a host is suspected, workers are placed by us on the others; without a suspicion Ray spreads them. Packing
// is always ours: left to itself, Ray fills hosts up by half.

import type { Clock } from "@sage/core";
import type { RayNode, SchedulingStrategy } from "@sage/ray-control";
import { fits, type Demand } from "./ray-placement.ts";

/** By then Ray knows better, whatever its settings. */
const suspicionMs = 120_000;

export class RayNodes {
  readonly #clock: Clock;
  /** Node → until when. */
  readonly #suspects = new Map<string, number>();
  /** Actor → where it runs, and with what. */
  readonly #placed = new Map<string, { readonly nodeId: string; readonly demand: Demand }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  suspect(nodeId: string): void {
    this.#suspects.set(nodeId, this.#clock.monotonicMs() + suspicionMs);
  }

  isSuspect(nodeId: string): boolean {
    return (this.#suspects.get(nodeId) ?? 0) > this.#clock.monotonicMs();
  }

  /** The actor has room there from now on, or has been promised it. */
  placed(actor: string, nodeId: string, demand: Demand): void {
    this.#placed.set(actor, { nodeId, demand });
  }

  /** An actor has just come up there. */
  answered(nodeId: string): void {
    this.#suspects.delete(nodeId);
  }

  gone(actor: string): void {
    this.#placed.delete(actor);
  }

  /**
   * Where to put one more worker, so that no suspected host gets it; undefined: wherever Ray wants.
   *
   * @param turn - from 0; grows while the chosen hosts turn out to have no room.
   */
  avoiding(nodes: readonly RayNode[], demand: Demand, turn: number): SchedulingStrategy | undefined {
    const nowMs = this.#clock.monotonicMs();
    for (const [nodeId, untilMs] of this.#suspects) if (untilMs < nowMs) this.#suspects.delete(nodeId);
    if (!nodes.some(({ nodeId, isAlive }) => isAlive && this.#suspects.has(nodeId))) return undefined;
    const others = nodes.filter((node) => fits(demand, node) && !this.#suspects.has(node.nodeId));
    const ranked = others.map((node) => ({ node, free: this.#freeOn(node, demand) })).sort((a, b) => b.free - a.free);
    const chosen = ranked[turn % Math.max(1, ranked.length)];
    return chosen && { nodeId: chosen.node.nodeId, soft: false };
  }

  /**
   * Where to put one more worker, so that few hosts are used: the fullest one of ours that has room. It counts as placed
   * there from now on, until `gone`. Undefined: no host has room, as far as our own workers are the only ones.
   *
   * @param turn - from 0; grows while the chosen hosts turn out to have no room.
   */
  packing(actor: string, nodes: readonly RayNode[], demand: Demand, turn: number): { readonly nodeId: string; readonly soft: boolean } | undefined {
    this.gone(actor);
    const able = nodes.filter((node) => fits(demand, node) && !this.isSuspect(node.nodeId)).map((node) => ({ node, free: this.#freeOn(node, demand), ours: this.#countOn(node) })).filter(({ free }) => free >= 1);
    const ranked = able.sort((a, b) => b.ours - a.ours || a.free - b.free || (a.node.nodeId < b.node.nodeId ? -1 : 1));
    const chosen = ranked[turn % Math.max(1, ranked.length)];
    if (!chosen) return undefined;
    this.#placed.set(actor, { nodeId: chosen.node.nodeId, demand });
    return { nodeId: chosen.node.nodeId, soft: false };
  }

  #countOn({ nodeId }: RayNode): number {
    return [...this.#placed.values()].filter((each) => each.nodeId === nodeId).length;
  }

  /** How many workers of this demand the node would still take, as far as our own are the only ones. */
  #freeOn(node: RayNode, demand: Demand): number {
    const used = [...this.#placed.values()].filter(({ nodeId }) => nodeId === node.nodeId);
    const free = Object.entries(demand).map(([name, amount]) => ((node.resources[name] ?? 0) - used.reduce((sum, each) => sum + (each.demand[name] ?? 0), 0)) / amount);
    return Math.min(Infinity, ...free);
  }
}
