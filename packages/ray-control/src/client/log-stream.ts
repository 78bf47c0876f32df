// What workers print, as the session relays it.

import { status, type ClientDuplexStream, type ServiceError } from "@grpc/grpc-js";
import { backoffMs, systemClock } from "@sage/core";
import type { LogData__Output } from "../gen/ray/rpc/LogData.ts";
import type { LogSettingsRequest } from "../gen/ray/rpc/LogSettingsRequest.ts";
import { metadataOf } from "./channel.ts";
import type { Link } from "./link.ts";
import { logStreamer, type AnyMethod } from "./wire.ts";

export interface RayLogLine {
  /** "log" is a line of the session's own logger. */
  readonly stream: "stdout" | "stderr" | "log";
  /** Python's level (20 is info) of a "log" line, else 0. */
  readonly level: number;
  /** Without its end; worker lines begin with `(ClassName pid=…)`. Colour codes are taken out. */
  readonly text: string;
}

const colourCodes = /\u001b\[[0-9;]*m/g;

/** Lines from now on, until the signal fires, the loop is left or the session ends. Lines during a broken connection are lost. */
export async function* logLines(link: Link, { signal, level = 20 }: { readonly signal?: AbortSignal; readonly level?: number }): AsyncGenerator<RayLogLine, void, undefined> {
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted();
    await link.datapath.settled();
    try {
      for await (const line of linesOnce(link, level, signal)) {
        attempt = 0;
        yield line;
      }
      return;
    } catch (error) {
      signal?.throwIfAborted();
      link.datapath.throwIfEnded();
      if ((error as ServiceError).code !== status.UNAVAILABLE) throw link.toError(error);
    }
    await systemClock.sleep(backoffMs(attempt + 1, 50, 1_000), signal);
  }
}

async function* linesOnce(link: Link, loglevel: number, signal?: AbortSignal): AsyncGenerator<RayLogLine, void, undefined> {
  const method = logStreamer.Logstream as unknown as AnyMethod;
  const call = link.datapath.client.makeBidiStreamRequest(
    method.path, (message) => Buffer.from(method.requestSerialize(message)), method.responseDeserialize, metadataOf(link.target, link.clientId), {},
  ) as unknown as ClientDuplexStream<LogSettingsRequest, LogData__Output>;
  const stop = () => call.cancel();
  signal?.addEventListener("abort", stop, { once: true });
  void link.datapath.ended.then(stop);
  try {
    call.write({ enabled: true, loglevel });
    for await (const data of call as AsyncIterable<LogData__Output>) yield* linesOf(data);
  } finally {
    signal?.removeEventListener("abort", stop);
    call.on("error", () => {}); // of the cancelling itself
    call.cancel();
  }
}

function* linesOf({ msg, level }: LogData__Output): Generator<RayLogLine> {
  const stream = level === -1 ? "stdout" : level === -2 ? "stderr" : "log";
  for (const text of msg.replace(/\n$/, "").split("\n")) yield { stream, level: Math.max(0, level), text: text.replace(colourCodes, "") };
}
