// What `sage doctor` last found, as it left it in the daemon's home: it looks from outside, over SSH, which the daemon
// cannot. Whatever is in the file is checked: it is shown to people.

import { doctorFileName } from "@sage/protocol";
import type { DoctorJson, FindingJson } from "@sage/protocol/json";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

const mostBytes = 1024 * 1024;
const mostFindings = 1_000;
const states = new Set(["ok", "warning", "failed"]);

/** Null: it has not looked yet, or what it left cannot be read. */
export async function doctorReport(home: string): Promise<DoctorJson | null> {
  try {
    const path = join(home, doctorFileName);
    const { size, mtimeMs } = await stat(path);
    return size > mostBytes ? null : parseDoctorReport(await readFile(path, "utf8"), mtimeMs);
  } catch {
    return null;
  }
}

/** @throws if it is no JSON */
export function parseDoctorReport(text: string, atMs: number): DoctorJson | null {
  const { findings } = (JSON.parse(text) ?? {}) as { findings?: unknown };
  if (!Array.isArray(findings)) return null;
  return { at: new Date(atMs).toISOString(), findings: findings.slice(0, mostFindings).flatMap((finding: unknown) => toFinding(finding) ?? []) };
}

function toFinding(value: unknown): FindingJson | undefined {
  const { host, check, state, what, fix = "" } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof host !== "string" || typeof check !== "string" || typeof what !== "string" || typeof fix !== "string" || !states.has(state as string)) return undefined;
  return { host, check, state: state as FindingJson["state"], what, fix };
}
