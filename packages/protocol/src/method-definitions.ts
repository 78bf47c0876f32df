// The methods of a service as grpc-js wants them, made from the descriptor.
//
// `fromJSON` of proto-loader does the same, and a descriptor of every message besides: a third of the time that a
// process needs to start. Messages are resolved and their code is made when the first one passes.
//
// Rules: 64-bit numbers are numbers, enums their names, absent fields have their defaults, and of a oneof the name of
// the field that is set is under the oneof's own name: what src/gen says.

import type { MethodDefinition } from "@grpc/proto-loader";
import protobuf from "protobufjs/light.js";
import { descriptorJson } from "./gen/descriptor.ts";
import { MalformedRequestError } from "./malformed.ts";

const asGenerated: protobuf.IConversionOptions = { longs: Number, enums: String, defaults: true, oneofs: true };

const root = protobuf.Root.fromJSON(descriptorJson as protobuf.INamespace);

/** @param name - with its package: `sage.v1.Heartbeat`. */
export function messageType(name: string): protobuf.Type {
  return root.lookupType(name);
}

export function fieldId(type: string, field: string): number {
  return messageType(type).fields[field]!.id;
}

/** Reads one message, which is part of another; throws MalformedRequestError. @param name - with its package. */
export function messageReader<Message>(name: string): (bytes: Uint8Array) => Message {
  let found: protobuf.Type | undefined;
  const type = () => (found ??= messageType(name));
  return (bytes) => {
    try {
      return type().toObject(type().decode(bytes), asGenerated) as Message;
    } catch {
      throw new MalformedRequestError();
    }
  };
}

export type Methods = Readonly<Record<string, MethodDefinition<object, object>>>;

/** @param name - with its package: `sage.v1.Jobs`. */
export function methodsOf(name: string): Methods {
  const service = root.lookupService(name);
  return Object.fromEntries(service.methodsArray.map((method) => [method.name, definitionOf(name, method)]));
}

function definitionOf(service: string, method: protobuf.Method): MethodDefinition<object, object> {
  const request = codecOf(method, "requestType");
  const response = codecOf(method, "responseType");
  const { name } = method;
  return {
    path: `/${service}/${name}`, originalName: `${name[0]!.toLowerCase()}${name.slice(1)}`,
    requestStream: method.requestStream === true, responseStream: method.responseStream === true,
    requestSerialize: request.encode, requestDeserialize: request.decode, responseSerialize: response.encode, responseDeserialize: response.decode,
  } as unknown as MethodDefinition<object, object>; // without the descriptors of its types, which grpc-js does not read
}

function codecOf(method: protobuf.Method, which: "requestType" | "responseType") {
  let found: protobuf.Type | undefined;
  const type = () => (found ??= method.parent!.lookupType(method[which]));
  return {
    encode(message: object): Buffer {
      return Buffer.from(type().encode(type().fromObject(message)).finish());
    },
    decode(bytes: Buffer): object {
      return type().toObject(type().decode(bytes), asGenerated);
    },
  };
}
