// Which jobs a list shows, and in which order. Pure.
//
// A search is words that all have to fit: a part of the name (with `*` for anything), the beginning of an id, `#7` for a
// number, or `label=value`, `label:` for a label.

import type { ListedJob } from "../jobs-store.ts";

export type SortKey = "number" | "name" | "status" | "records" | "rate" | "runtime" | "restarts";

export interface ListWishes {
  /** Empty: all. */
  readonly status: string;
  readonly search: string;
  readonly sort: SortKey;
  readonly descending: boolean;
}

/** States that are one choice in the list. */
export const statusGroups: readonly { readonly id: string; readonly label: string; readonly has: readonly string[] }[] = [
  { id: "running", label: "Running", has: ["running"] },
  { id: "moving", label: "In transition", has: ["initializing", "stopping", "recovering"] },
  { id: "failed", label: "Failed", has: ["failed"] },
  { id: "stopped", label: "Stopped", has: ["stopped"] },
  { id: "completed", label: "Completed", has: ["completed"] },
];

export const isEnded = (status: string): boolean => status === "completed" || status === "failed" || status === "stopped" || status === "deleted";

export function matchesSearch(job: Pick<ListedJob, "name" | "jobId" | "number" | "labels">, search: string): boolean {
  return search.toLowerCase().split(/\s+/).filter(Boolean).every((word) => matchesWord(job, word));
}

function matchesWord({ name, jobId, number, labels }: Pick<ListedJob, "name" | "jobId" | "number" | "labels">, word: string): boolean {
  if (word.startsWith("#")) return String(number) === word.slice(1);
  const label = /^([^=:]+)[=:](.*)$/.exec(word);
  if (label && Object.entries(labels).some(([key, value]) => key.toLowerCase() === label[1] && glob(label[2] ?? "", value))) return true;
  return glob(word, name) || (word.length >= 4 && jobId.startsWith(word));
}

function glob(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  let at = 0;
  for (const part of parts) {
    const found = text.toLowerCase().indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}

const keys: Readonly<Record<SortKey, (job: ListedJob) => number | string>> = {
  number: (job) => job.number,
  name: (job) => job.name.toLowerCase(),
  status: (job) => statusGroups.findIndex(({ has }) => has.includes(job.status)),
  records: (job) => job.records,
  rate: (job) => job.rate ?? -1,
  runtime: (job) => job.runtimeMs ?? -1,
  restarts: (job) => job.restartCount || job.attempt - 1,
};

export function chosenJobs(jobs: readonly ListedJob[], { status, search, sort, descending }: ListWishes): readonly ListedJob[] {
  const group = statusGroups.find(({ id }) => id === status);
  const chosen = jobs.filter((job) => (!group || group.has.includes(job.status)) && matchesSearch(job, search));
  const key = keys[sort];
  const sign = descending ? -1 : 1;
  return chosen.sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    return left === right ? b.number - a.number : left < right ? -sign : sign;
  });
}
