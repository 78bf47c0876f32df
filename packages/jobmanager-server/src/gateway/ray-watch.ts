// What is known of the daemon's Ray cluster. Its dashboard is the one that was named, else the one that Ray tells of. Ray is asked only while somebody looks, one question at
// a time; whoever asks gets the last answer, so that a Ray that hangs holds up no page.

import { messageOf, type Clock, type Secret } from "@sage/core";
import type { RayJson, RayNodeJson, RayResourceJson } from "@sage/protocol/json";
import { RayDashboard, type DashboardNode, type NodeUse } from "@sage/ray-control";

export interface RayWatchOptions {
  /** `http://127.0.0.1:8265`; a function asks for it, each time: it may be another one when Ray is back. */
  readonly dashboard: string | ((signal: AbortSignal) => Promise<string>);
  /** What the cluster was started with in token mode. */
  readonly token?: Secret;
  /** Where that token is kept, in words for people. */
  readonly tokenPlace?: string;
  readonly clock: Clock;
}

const askAgainMs = 4_000;
const answerWithinMs = 8_000;
/** The first page may wait a moment for the first answer. */
const firstWaitMs = 1_500;

export class RayWatch {
  readonly #options: RayWatchOptions;
  #asked: { readonly url: string; readonly dashboard: RayDashboard } | undefined;
  #last: RayJson;
  #askedAtMs = -Infinity;
  #asking: Promise<void> | undefined;

  constructor(options: RayWatchOptions) {
    this.#options = options;
    const { dashboard, tokenPlace = "" } = options;
    this.#last = { state: "unreachable", version: "", dashboardUrl: typeof dashboard === "string" ? dashboard : "", tokenPlace, why: "it has not answered yet", nodes: [], resources: [] };
  }

  /** The last answer; Ray is asked for the next one. */
  async look(): Promise<RayJson> {
    const { clock } = this.#options;
    const isFirst = this.#askedAtMs === -Infinity;
    if (!this.#asking && clock.monotonicMs() - this.#askedAtMs >= askAgainMs) {
      this.#askedAtMs = clock.monotonicMs();
      this.#asking = this.#ask().finally(() => { this.#asking = undefined; });
    }
    if (isFirst && this.#asking) {
      const timer = new AbortController();
      await Promise.race([this.#asking, clock.sleep(firstWaitMs, timer.signal).catch(() => {})]);
      timer.abort();
    }
    return this.#last;
  }

  /** The last answer, without asking. */
  get last(): RayJson {
    return this.#last;
  }

  async #ask(): Promise<void> {
    try {
      const { url, dashboard } = await this.#find();
      this.#last = { ...this.#last, dashboardUrl: url };
      const [{ rayVersion }, nodes, use] = await Promise.all([dashboard.version(), dashboard.nodes(), dashboard.usage()]);
      const shown = rayNodes(nodes, use, this.#options.clock.now());
      this.#last = { ...this.#last, state: "up", version: rayVersion, why: "", nodes: shown, resources: sumOf(shown) };
    } catch (error) {
      this.#last = { ...this.#last, state: "unreachable", why: messageOf(error) };
    }
  }

  async #find(): Promise<{ readonly url: string; readonly dashboard: RayDashboard }> {
    const { dashboard, token } = this.#options;
    const url = typeof dashboard === "string" ? dashboard : await this.#told(dashboard);
    if (this.#asked?.url !== url) this.#asked = { url, dashboard: new RayDashboard(url, { token, timeoutMs: answerWithinMs }) };
    return this.#asked;
  }

  async #told(ask: (signal: AbortSignal) => Promise<string>): Promise<string> {
    const limit = AbortSignal.timeout(answerWithinMs);
    try {
      return await ask(limit);
    } catch (error) {
      throw limit.aborted ? new Error(`Ray has not said within ${answerWithinMs / 1_000} s where its dashboard is`, { cause: error }) : error;
    }
  }
}

/** @param nowMs - by the daemon's clock. */
export function rayNodes(nodes: readonly DashboardNode[], use: readonly NodeUse[], nowMs: number): readonly RayNodeJson[] {
  const byId = new Map(use.map((each) => [each.nodeId, each]));
  return nodes.map(({ nodeId, name, ip, isHead, isAlive, stateMessage, resources }) => {
    const { machine, resources: logical = [] } = byId.get(nodeId) ?? {};
    const used = new Map(logical.map((each) => [each.name, each.used]));
    const { hostname, clockMs, ...rest } = machine ?? { hostname: "", clockMs: 0 };
    return {
      nodeId, host: hostname || name || ip, address: ip, isHead, isAlive, why: isAlive ? "" : stateMessage,
      resources: Object.entries(resources).filter(([resource]) => !resource.startsWith("node:")).map(([resource, total]) => ({ name: resource, total, used: used.get(resource) ?? null })),
      machine: machine && isAlive ? { ...(rest as Omit<typeof machine, "hostname" | "clockMs">), clockAheadMs: Math.round(clockMs - nowMs) } : null,
    };
  });
}

/** Of the nodes that live. */
function sumOf(nodes: readonly RayNodeJson[]): readonly RayResourceJson[] {
  const sums = new Map<string, RayResourceJson>();
  for (const { name, total, used } of nodes.filter(({ isAlive }) => isAlive).flatMap(({ resources }) => resources)) {
    const before = sums.get(name) ?? { name, total: 0, used: null };
    sums.set(name, { name, total: before.total + total, used: used === null ? before.used : (before.used ?? 0) + used });
  }
  return [...sums.values()];
}
