// One gRPC connection to Ray's client server, and what every call carries.

import { readFileSync } from "node:fs";
import { Client, credentials, Metadata, type ChannelCredentials, type ChannelOptions } from "@grpc/grpc-js";
import type { Secret } from "@sage/core";

/** Files of mutual TLS, which Ray asks for when it runs with RAY_USE_TLS=1: PEM texts, or paths of files. */
export interface RayTls {
  readonly ca: string | Buffer;
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  /** The name to expect in the server's certificate, where it is not the host of the address. */
  readonly serverName?: string;
}

export interface RayTarget {
  /** `host:port` */
  readonly address: string;
  readonly token: Secret | undefined;
  readonly tls: RayTls | undefined;
}

const channelOptions: ChannelOptions = {
  "grpc.max_send_message_length": -1,
  "grpc.max_receive_message_length": -1,
  // Ray's servers allow pings at any rate; a silent cut is noticed inside the usual grace period of 30 s.
  "grpc.keepalive_time_ms": 8_000,
  "grpc.keepalive_timeout_ms": 8_000,
  "grpc.keepalive_permit_without_calls": 1,
  "grpc.use_local_subchannel_pool": 1, // else a "new" channel shares the dead connection
  "grpc.enable_http_proxy": 0,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2_000,
};

export function openChannel({ address, tls }: RayTarget): Client {
  const name = tls?.serverName;
  return new Client(address, tls ? tlsCredentials(tls) : credentials.createInsecure(), {
    ...channelOptions,
    ...(name === undefined ? {} : { "grpc.ssl_target_name_override": name, "grpc.default_authority": name }),
  });
}

function tlsCredentials({ ca, cert, key }: RayTls): ChannelCredentials {
  return credentials.createSsl(pem(ca), pem(key), pem(cert));
}

function pem(textOrPath: string | Buffer): Buffer {
  if (Buffer.isBuffer(textOrPath)) return textOrPath;
  return textOrPath.includes("-----BEGIN") ? Buffer.from(textOrPath) : readFileSync(textOrPath);
}

/** The metadata of a call; `reconnecting` is for the data path alone, in Python's spelling. */
export function metadataOf({ token }: RayTarget, clientId: string, reconnecting?: boolean): Metadata {
  const metadata = new Metadata();
  metadata.set("client_id", clientId);
  if (token) metadata.set("authorization", `Bearer ${token.reveal()}`);
  if (reconnecting !== undefined) metadata.set("reconnecting", reconnecting ? "True" : "False");
  return metadata;
}
