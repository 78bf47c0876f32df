// The kinds of options a command may have, and how their texts become values.

import { nearest } from "@sage/core";
import { UsageError } from "./errors.ts";

interface OptionBase {
  readonly help: string;
  /** One letter. */
  readonly short?: string;
  /** Left out of the help. */
  readonly hidden?: boolean;
}

export type OptionDeclaration = OptionBase &
  (
    | { readonly type: "boolean" }
    | { readonly type: "string"; readonly value?: string; readonly choices?: readonly string[] }
    /** A whole number, from `min` (default 1) to `max`; `withoutValue`: what the flag alone means. */
    | { readonly type: "integer"; readonly value?: string; readonly min?: number; readonly max?: number; readonly withoutValue?: number }
    /** `30s`, `10m`, `12h`, `7d`, `500ms`; its value is in milliseconds. */
    | { readonly type: "duration" }
    /** Some of the choices: `a,b`, and as often as wanted. */
    | { readonly type: "list"; readonly value: string; readonly choices: readonly string[] }
    /** `key=value`, as often as wanted. */
    | { readonly type: "pairs" }
  );

export type OptionTable = Readonly<Record<string, OptionDeclaration>>;

type ValueOf<D> = D extends { type: "boolean" }
  ? boolean
  : D extends { type: "string"; choices: readonly (infer C)[] }
    ? C | undefined
    : D extends { type: "string" }
      ? string | undefined
      : D extends { type: "list"; choices: readonly (infer C)[] }
        ? readonly C[]
        : D extends { type: "pairs" }
          ? Readonly<Record<string, string>>
          : number | undefined;

/** The values by the option's name as declared ("older-than"); `--no-` is not magic. */
export type OptionValues<O extends OptionTable> = { readonly [Name in keyof O]: ValueOf<O[Name]> };

/** `--port 19001` as the number 19001. @throws UsageError saying what is allowed */
export function parseInteger(text: string, flag: string, min = 1, max = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (!/^-?\d{1,16}$/.test(text) || value < min || value > max) {
    const allowed = max === Number.MAX_SAFE_INTEGER ? `a whole number, ${min} or more` : `a whole number from ${min} to ${max}`;
    throw new UsageError(`${flag}: "${text}" is not ${allowed}`);
  }
  return value;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s` as 90,000 (milliseconds). @throws UsageError saying what is allowed */
export function parseDuration(text: string, flag: string): number {
  const parts = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text);
  if (!parts) throw new UsageError(`${flag}: "${text}" is not a duration`, "Write a number and its unit: 500ms, 30s, 10m, 12h, 7d.");
  return Math.round(Number(parts[1]) * unitMs[parts[2]!]!);
}

/** Adds `k=v` to what was given before. The value may hold `=`. @throws UsageError */
export function addPair(text: string, before: Readonly<Record<string, string>>, flag: string): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`${flag}: "${text}" is not KEY=VALUE`);
  const pairs = new Map([...Object.entries(before), [text.slice(0, at), text.slice(at + 1)]]);
  return Object.fromEntries(pairs);
}

/** Adds `a,b` to what was chosen before. @throws UsageError with the choices, and the near one */
export function addChosen(text: string, before: readonly string[], flag: string, choices: readonly string[]): readonly string[] {
  const words = text.split(",").map((word) => word.trim());
  const wrong = words.find((word) => !choices.includes(word));
  if (wrong === undefined) return [...before, ...words];
  const meant = nearest(wrong, choices);
  throw new UsageError(`${flag}: "${wrong}" is not one of ${choices.join(", ")}`, meant === undefined ? undefined : `Did you mean ${meant}?`);
}
