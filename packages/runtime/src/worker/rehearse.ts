// What a process does while it waits for its job: it goes once the ways that every job takes, so that their code is
// loaded and compiled when the job comes. Nothing of it is seen or kept.

import { newWorkerId } from "@sage/core";
import { PipelineBuilder } from "@sage/graph";
import { workerBootVersion, workersService, type DaemonMessageInit } from "@sage/protocol";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { runInProcess } from "../in-process.ts";
import { DaemonLink } from "./daemon-link.ts";
import { DaemonLostError } from "./errors.ts";

/** @param onFailure - told of a way that could not be gone; without it, its first job goes it as ever. */
export async function rehearse(onFailure: (error: unknown) => void = () => {}): Promise<void> {
  for (const part of [callADaemon, readMessages, runAPipeline]) await part().catch(onFailure);
}

/** One that hangs up on everybody. */
async function callADaemon(): Promise<void> {
  const server = createServer().on("stream", (stream) => { stream.respond({ ":status": 200, "content-type": "application/grpc", "grpc-status": "5" }, { endStream: true }); });
  server.listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    const boot = {
      version: workerBootVersion, jobId: "rehearsal", attempt: 1, workerIndex: 0, workerId: newWorkerId(), secretHex: randomBytes(32).toString("hex"),
      daemonAddress: `127.0.0.1:${(server.address() as AddressInfo).port}`, host: "", dataListen: "", tempDir: "", gracePeriodMs: 0,
    } as const;
    await using _ = await DaemonLink.open({ boot, dataAddress: "", version: "", signal: new AbortController().signal });
  } catch (error) {
    if (!(error instanceof DaemonLostError)) throw error;
  } finally {
    server.close();
  }
}

async function readMessages(): Promise<void> {
  const { responseSerialize, responseDeserialize } = workersService.Attach;
  const messages: readonly DaemonMessageInit[] = [
    { welcome: { proof: randomBytes(32), heartbeatIntervalMs: 1, gracePeriodMs: 1 } },
    { deploy: { planJson: "{}", peers: [{ workerIndex: 0, dataAddress: "" }] } }, { start: {} }, { close: {} },
  ];
  for (const message of messages) responseDeserialize(Buffer.from((responseSerialize as (message: DaemonMessageInit) => Uint8Array)(message)));
}

async function runAPipeline(): Promise<void> {
  const env = new PipelineBuilder("rehearsal");
  env.fromBatch(() => null).map((value: unknown) => value).keyBy(() => 0).aggregate({ init: () => 0, add: (sum: number) => sum, result: (sum) => sum }).sink(() => {});
  await runInProcess(env.graph());
}
