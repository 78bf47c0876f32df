// Finds arguments that nobody takes: what follows a class are its constructor's, so an operator's options given there
// would be lost in silence.

import { InvalidOperatorError } from "./errors.ts";
import type { Constructor, UserFunction } from "./graph.ts";

/** @throws {@link InvalidOperatorError} if a class whose constructor takes nothing is given something. */
export function checkArguments(fn: UserFunction | undefined, origin: string | undefined): void {
  if (fn?.form !== "class" || fn.args.length === 0 || takesArguments(fn.make)) return;
  const given = fn.args.at(-1);
  const names = typeof given === "object" && given !== null && !Array.isArray(given) ? Object.keys(given) : [];
  const hint = names.length > 0 ? `; options of the operator go behind it: .with({ ${names.slice(0, 3).join(", ")} })` : "";
  throw new InvalidOperatorError(fn.make.name || "(a class)", `what follows a class is given to its constructor, which takes nothing${hint}`, origin);
}

/** By the text of the class, and of those that it extends: `length` does not count parameters with defaults. In doubt, yes. */
function takesArguments(make: Constructor): boolean {
  for (let each: unknown = make; typeof each === "function" && each !== Function.prototype; each = Object.getPrototypeOf(each)) {
    const text = Function.prototype.toString.call(each);
    if (!/^class\b/.test(text)) return true; // a function that makes objects, or code of the host: not to be read like this
    const mentions = text.split(/\bconstructor\s*\(/).length - 1;
    if (mentions > 0) return mentions > 1 || !/[\s{;}]constructor\s*\(\s*\)\s*\{/.test(text) || text.includes("arguments");
  }
  return false;
}
