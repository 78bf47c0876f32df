// Placement groups: resources that are reserved together. The protocol does not carry them, so small Python functions
// do what Python's own client does: they run as tasks that need no CPU.

import { pyCall } from "../pickle/python-values.ts";
import type { CallOptions } from "./limits.ts";
import type { TaskOptions } from "./options.ts";

export interface PlacementGroupSpec extends CallOptions {
  /** What each bundle reserves: `{ CPU: 1, GPU: 1 }`. */
  readonly bundles: readonly Readonly<Record<string, number>>[];
  /** Default "PACK". */
  readonly strategy?: "PACK" | "SPREAD" | "STRICT_PACK" | "STRICT_SPREAD";
  readonly name?: string;
  /** "detached": it outlives the session. */
  readonly lifetime?: "detached";
}

const source = `
def create(bundles, strategy, name, lifetime):
    from ray.util import placement_group
    return placement_group(bundles, strategy=strategy, name=name, lifetime=lifetime).id.hex()

def _group(id):
    from ray._raylet import PlacementGroupID
    from ray.util.placement_group import PlacementGroup
    return PlacementGroup(PlacementGroupID(bytes.fromhex(id)))

def is_ready(id, timeout):
    return _group(id).wait(timeout)

def remove(id):
    from ray.util import remove_placement_group
    remove_placement_group(_group(id))
`;

type Run = (functionName: string, args: readonly unknown[], limits: CallOptions) => Promise<unknown>;

/** How to run one of the functions above. */
export function placementTask(functionName: string): { source: string; functionName: string; options: TaskOptions } {
  return { source, functionName, options: { numCpus: 0, name: `placement_group.${functionName}` } };
}

export class PlacementGroup implements AsyncDisposable {
  /** Hexadecimal. */
  readonly id: string;
  readonly #run: Run;
  #isRemoved = false;

  private constructor(run: Run, id: string) {
    this.#run = run;
    this.id = id;
  }

  static async create(run: Run, { bundles, strategy = "PACK", name = "", lifetime, ...limits }: PlacementGroupSpec): Promise<PlacementGroup> {
    return new PlacementGroup(run, (await run("create", [bundles, strategy, name, lifetime], limits)) as string);
  }

  /** Whether the resources are reserved, waiting at most `waitMs` for it; default 30 s. */
  async isReady({ waitMs = 30_000, ...limits }: CallOptions & { readonly waitMs?: number } = {}): Promise<boolean> {
    return (await this.#run("is_ready", [this.id, waitMs / 1_000], { timeoutMs: waitMs + 30_000, ...limits })) as boolean;
  }

  /** Gives the resources back and ends what runs on them. Twice is harmless. */
  async remove(limits: CallOptions = {}): Promise<void> {
    if (this.#isRemoved) return;
    await this.#run("remove", [this.id], limits);
    this.#isRemoved = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.remove();
  }

  toPython(): unknown {
    return pyCall("ray.util.placement_group", "PlacementGroup", pyCall("ray._raylet", "PlacementGroupID", Buffer.from(this.id, "hex")));
  }
}
