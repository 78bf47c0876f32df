// Why a driver did not come up, in words that help: from what its job has printed.

import { SageError } from "@sage/core";

/** The Ray Job with our driver has ended before it was of use. */
export class RayDriverFailedError extends SageError {
  /** All that the job has printed, cut to its last 4,000 characters. */
  readonly printed: string;
  /** @param message - what Ray says of the job. */
  constructor(printed: string, message: string) {
    super(`the driver on Ray did not come up: ${sentenceOf(printed, message)}`, { code: "SAGE_RAY_DRIVER_FAILED", fault: "cluster", retryable: true, hint: hintOf(printed) });
    this.printed = printed.slice(-4_000);
  }
}

const dialled = /^\[dial\] (.*)$/m;

function sentenceOf(printed: string, message: string): string {
  const last = printed.trim().split("\n").at(-1)?.trim() ?? "";
  return (dialled.exec(printed)?.[1] ?? (last === "" ? message : last)).slice(0, 500);
}

function hintOf(printed: string): string {
  if (dialled.test(printed)) return "The cluster's head must be able to dial this program, as its workers must: name this host as they reach it (--advertise-host, daemon.advertise_host), a port that is open (--workers-port, daemon.workers_port), and open that port in the firewall.";
  if (/No module named '(ray|grpc|google)/.test(printed)) return "Ray runs jobs with a Python that lacks its packages: install \"ray[default]\" in the Python that `ray start` was run with.";
  return "The job's own log says more: `ray job list`, `ray job logs`.";
}
