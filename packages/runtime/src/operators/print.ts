// Writes records as lines of text.

import { inspect } from "node:util";
import type { Wait } from "../chain/scope.ts";
import type { FailurePolicy } from "./failure-policy.ts";

export class Print {
  readonly policy: FailurePolicy;
  readonly #write: (text: string) => Wait;
  readonly #prefix: string;

  constructor(policy: FailurePolicy, write: (text: string) => Wait) {
    const prefix = String(policy.node.graph.settings?.["prefix"] ?? "");
    this.policy = policy;
    this.#write = write;
    this.#prefix = prefix === "" ? "" : `${prefix} `;
  }

  print(record: unknown): Wait {
    return this.#write(this.#prefix + (typeof record === "string" ? record : inspect(record, { depth: 6, breakLength: Infinity, maxArrayLength: 1000 })));
  }
}
