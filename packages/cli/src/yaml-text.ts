// `-o yaml`: data as YAML that every parser reads, without loading one. Strings that could be read as something else
// are quoted as JSON, which is YAML too.

import { safeJson } from "./escape.ts";

const plainString = /^[A-Za-z_/][A-Za-z0-9_./@+-]*$/;
const notStrings = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** Lines of YAML, block style. */
export function yamlLines(value: unknown): string[] {
  if (Array.isArray(value)) return value.length === 0 ? ["[]"] : value.flatMap((item) => behind("- ", "  ", item, true));
  if (isMap(value)) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    if (entries.length === 0) return ["{}"];
    return entries.flatMap(([key, one]) => behind(`${scalar(key)}: `, "  ", one, false));
  }
  return [scalar(value)];
}

function behind(lead: string, indent: string, value: unknown, inline: boolean): string[] {
  const lines = yamlLines(value);
  const isBlock = (Array.isArray(value) || isMap(value)) && !["[]", "{}"].includes(lines[0]!);
  if (isBlock && !inline) return [lead.trimEnd(), ...lines.map((line) => indent + line)];
  return [lead + lines[0]!, ...lines.slice(1).map((line) => indent + line)];
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);

function scalar(value: unknown): string {
  if (typeof value === "string" && plainString.test(value) && !notStrings.test(value)) return value;
  return safeJson(value ?? null);
}
