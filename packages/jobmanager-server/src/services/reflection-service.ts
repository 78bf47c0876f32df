// gRPC's server reflection from the generated descriptors: the library for it reads .proto files, which a bundle lacks.

import { fileDescriptors, type Handlers, type ReflectionRequest, type ReflectionResponseInit, type ReflectionHandlers } from "@sage/protocol";

const notFound = 5;
const unimplemented = 12;

export function reflectionHandlers(services: readonly string[], { bidi }: Handlers): ReflectionHandlers {
  return {
    ServerReflectionInfo: bidi(async (requests: AsyncIterable<ReflectionRequest>, send: (answer: ReflectionResponseInit) => Promise<void> | undefined) => {
      for await (const request of requests) await send({ validHost: request.host, originalRequest: request, ...answerTo(request, services) });
    }),
  };
}

/** @param services - full names of what the server offers. */
function answerTo(request: ReflectionRequest, services: readonly string[]): ReflectionResponseInit {
  switch (request.messageRequest) {
    case "listServices":
      return { listServicesResponse: { service: services.map((name) => ({ name })) } };
    case "fileByFilename":
      return fileWhere(({ name }) => name === request.fileByFilename, request.fileByFilename);
    case "fileContainingSymbol":
      return fileWhere(({ symbols }) => symbols.includes(request.fileContainingSymbol ?? ""), request.fileContainingSymbol);
    case "allExtensionNumbersOfType":
      return { allExtensionNumbersResponse: { baseTypeName: request.allExtensionNumbersOfType ?? "", extensionNumber: [] } };
    case "fileContainingExtension":
      return { errorResponse: { errorCode: notFound, errorMessage: "there are no extensions" } };
    default:
      return { errorResponse: { errorCode: unimplemented, errorMessage: "no request that is known" } };
  }
}

function fileWhere(isWanted: (file: (typeof fileDescriptors)[number]) => boolean, name = ""): ReflectionResponseInit {
  const file = fileDescriptors.find(isWanted);
  if (!file) return { errorResponse: { errorCode: notFound, errorMessage: `no ${name.slice(0, 200)} here` } };
  return { fileDescriptorResponse: { fileDescriptorProto: [Buffer.from(file.base64, "base64")] } };
}
