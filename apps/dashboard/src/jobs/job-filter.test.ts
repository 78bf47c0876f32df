import { expect, test } from "vitest";
import type { ListedJob } from "../jobs-store.ts";
import { chosenJobs, matchesSearch, type ListWishes } from "./job-filter.ts";

const job = (over: Partial<ListedJob>): ListedJob => ({ jobId: "0193aaaa-0000", number: 1, name: "flights", status: "running", records: 0, attempt: 1, restartCount: 0, runtimeMs: 1, rate: undefined, labels: {}, ...over }) as ListedJob;
const wishes = (over: Partial<ListWishes> = {}): ListWishes => ({ status: "", search: "", sort: "number", descending: true, ...over });

test.each([
  ["", true], ["FLI", true], ["fli delays", false], ["fl*ts", true], ["*light*", true], ["f*x", false],
  ["0193aa", true], ["019", false], ["#1", true], ["#2", false], ["team=ops", true], ["team:", true], ["team=dev", false],
])("the search %j fits a job: %s", (search, fits) => {
  expect(matchesSearch(job({ labels: { team: "ops" } }), search)).toBe(fits);
});

test("a state, a search and an order choose together", () => {
  const jobs = [job({ number: 1, name: "a", status: "failed" }), job({ number: 2, name: "b" }), job({ number: 3, name: "ab", status: "failed", records: 9 })];
  expect(chosenJobs(jobs, wishes({ status: "failed" })).map(({ number }) => number)).toEqual([3, 1]);
  expect(chosenJobs(jobs, wishes({ search: "b", sort: "name", descending: false })).map(({ number }) => number)).toEqual([3, 2]);
  expect(chosenJobs(jobs, wishes({ sort: "records" })).map(({ number }) => number)).toEqual([3, 2, 1]);
});
