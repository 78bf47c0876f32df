import type { JobView } from "@sage/protocol";
import { expect, test } from "vitest";
import { findJob } from "./job-ref.ts";

const job = (number: number, jobId: string) => ({ number, jobId, name: `job ${number}` }) as JobView;
const jobs = [
  job(1, "0196c0de-0000-7000-8000-000000000001"),
  job(2, "0196c0de-1111-7000-8000-000000000002"),
  job(3, "12345678-1111-7000-8000-000000000003"),
];

test.each([
  ["1", 1], ["#2", 2], [" 3 ", 3], ["0196c0de-1111-7000-8000-000000000002", 2], ["0196C0DE-0", 1], ["12345678", 3], ["1234", 3],
])("%j is job %i", (ref, number) => {
  expect(findJob(ref, jobs).number).toBe(number);
});

test.each(["4", "", "0196c0df", "job 1", "-1", "1.0"])("%j is no job", (ref) => {
  expect(() => findJob(ref, jobs)).toThrow(expect.objectContaining({ code: "SAGE_JOB_NOT_FOUND" }));
});

test("fewer than four characters name no job, but the jobs that they begin are named", () => {
  expect(() => findJob("019", jobs)).toThrow(/2 job ids: 0196c0de-0000-\S+ \(job 1\)/);
  expect(() => findJob("123", jobs)).toThrow(/too short to name a job; one id begins with it: 12345678-1111-\S+ \(job 3\)/);
});

test("the beginning of two ids is refused, with both jobs named", () => {
  expect(() => findJob("0196c0de", jobs)).toThrow(/2 job ids: 0196c0de-0000-\S+ \(job 1\), 0196c0de-1111-\S+ \(job 2\)/);
});
