// Python classes and functions for the cluster: as source that travels in a pickle, or by the name of a module there.
//
// Source is compiled by the session's process on the cluster and goes on from there by value: no file, no PYTHONPATH.
// It must keep nothing at module level that cannot be pickled.

import { createHash } from "node:crypto";
import { PyGlobal, pyCall } from "../pickle/python-values.ts";
import { within, type CallOptions } from "./limits.ts";
import type { Link } from "./link.ts";
import { putPickle } from "./objects.ts";

/** Where the code is: its text, or a module that can be imported on the cluster. */
export type PythonSource = { readonly source: string; readonly module?: undefined } | { readonly module: string; readonly source?: undefined };

/** Evaluates to `name` out of the text, as the module `mod`. */
const evaluate = "(lambda m: (exec(compile(src, '<' + mod + '>', 'exec'), m), m[name])[1])({'__name__': mod})";

/** What makes the class or function when it is loaded. */
export function toPython({ source, module }: PythonSource, name: string): unknown {
  if (source === undefined) return new PyGlobal(module, name);
  const mod = `sage_${createHash("sha256").update(source).digest("hex").slice(0, 12)}`;
  return pyCall("builtins", "eval", evaluate, { src: source, name, mod });
}

/** Classes and functions that the session has put into the cluster; each is sent once. */
export class CodeStore {
  readonly #link: Link;
  readonly #ids = new Map<string, Promise<string>>();

  constructor(link: Link) {
    this.#link = link;
  }

  /** @param variant - of one that is sent once more. */
  async idOf(code: PythonSource, name: string, limits: CallOptions, variant = ""): Promise<Buffer> {
    const pickle = this.#link.toPickle(toPython(code, name));
    const key = createHash("sha256").update(pickle).update(variant).digest("hex");
    const known = this.#ids.get(key);
    const put = known ?? putPickle(this.#link, pickle, {});
    if (!known) {
      this.#ids.set(key, put);
      put.catch(() => this.#ids.delete(key));
    }
    return Buffer.from(await within(put, `sending ${name}`, limits), "hex");
  }
}
