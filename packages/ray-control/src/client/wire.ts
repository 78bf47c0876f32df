// Ray's client protocol as grpc-js wants it, typed. The definitions come from src/gen/descriptor.ts, so a bundle needs
// no .proto file at run time.

import { fromJSON, type MethodDefinition } from "@grpc/proto-loader";
import { descriptorJson } from "../gen/descriptor.ts";
import type { RayletDataStreamerDefinition } from "../gen/ray/rpc/RayletDataStreamer.ts";
import type { RayletDriverDefinition } from "../gen/ray/rpc/RayletDriver.ts";
import type { RayletLogStreamerDefinition } from "../gen/ray/rpc/RayletLogStreamer.ts";

/** Only the methods that the .proto file names. */
type MethodsOf<Definition> = {
  readonly [Name in keyof Definition as string extends Name ? never : number extends Name ? never : Name]: Definition[Name];
};

export type RequestOf<M> = M extends MethodDefinition<infer Req, infer _Res, infer _ReqOut, infer _ResOut> ? Req : never;
export type ResponseOf<M> = M extends MethodDefinition<infer _Req, infer _Res, infer _ReqOut, infer ResOut> ? ResOut : never;
/** A method's definition with its message types forgotten; the typed functions around it have checked them. */
export type AnyMethod = MethodDefinition<unknown, unknown>;

const loaded = fromJSON(descriptorJson as unknown as Parameters<typeof fromJSON>[0], { longs: Number, enums: String, defaults: true, oneofs: true });

export const driver = loaded["ray.rpc.RayletDriver"] as unknown as MethodsOf<RayletDriverDefinition>;
export const dataStreamer = loaded["ray.rpc.RayletDataStreamer"] as unknown as MethodsOf<RayletDataStreamerDefinition>;
export const logStreamer = loaded["ray.rpc.RayletLogStreamer"] as unknown as MethodsOf<RayletLogStreamerDefinition>;

export type DriverMethod = keyof typeof driver;
