// Everything against real Ray, the same tests for each version; one head at a time.

import { afterAll, beforeAll, describe } from "vitest";
import { authSuite } from "./testing/auth-suite.ts";
import { exampleSuite } from "./testing/example-suite.ts";
import { faultSuite } from "./testing/fault-suite.ts";
import { jobDriverSuite } from "./testing/job-driver-suite.ts";
import { startRayHead, type RayHead } from "./testing/ray-head.ts";
import { newestRay, rayVersions } from "./testing/ray-venv.ts";
import { restSuite } from "./testing/rest-suite.ts";
import { sessionSuite } from "./testing/session-suite.ts";
import { workerHostSuite } from "./testing/worker-host-suite.ts";

const installAndStartMs = 600_000;

describe.each(rayVersions)("Ray %s", (version) => {
  let head: RayHead;

  beforeAll(async () => {
    head = await startRayHead(version, { gpus: 1, resources: { slot: 10, "accelerator_type:T4": 1 }, labels: { zone: "test" } });
  }, installAndStartMs);
  afterAll(async () => {
    await head?.[Symbol.asyncDispose]();
  });

  describe("a session", () => { sessionSuite(() => head); });
  describe("faults", () => { faultSuite(() => head); });
  describe("the dashboard", () => { restSuite(() => head); });
  describe("worker hosts", () => { workerHostSuite(() => head); });
  describe("a driver that runs as a Ray Job", () => { jobDriverSuite(() => head); });
  describe("the example", () => { exampleSuite(() => head); });
});

describe(`Ray ${newestRay} with a token and mutual TLS`, () => { authSuite(newestRay, installAndStartMs); });
