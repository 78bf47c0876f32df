// How operators and services reach services: by name, or by what `registerService` returned.

import type { ServiceHandle, ServiceRef, Services } from "@sage/graph";
import { UnknownServiceError } from "./errors.ts";

export interface ServiceDirectory {
  /** Handles by name: what `ctx.services` is. */
  readonly services: Services;
  /** @throws UnknownServiceError */
  service<S extends object>(ref: ServiceRef<S> | string): ServiceHandle<S>;
}

/** A directory of ready-made handles. */
export function directoryOf(handles: ReadonlyMap<string, object>): ServiceDirectory {
  const service = <S extends object>(ref: ServiceRef<S> | string) => {
    const name = typeof ref === "string" ? ref : ref.name;
    const handle = handles.get(name);
    if (!handle) throw new UnknownServiceError(name, [...handles.keys()]);
    return handle as ServiceHandle<S>;
  };
  const services = new Proxy({} as Services, {
    get: (_target, name) => (typeof name === "string" ? service(name) : undefined),
    has: (_target, name) => typeof name === "string" && handles.has(name),
    ownKeys: () => [...handles.keys()],
    getOwnPropertyDescriptor: (_target, name) =>
      typeof name === "string" && handles.has(name) ? { enumerable: true, configurable: true, value: handles.get(name) } : undefined,
  });
  return { services, service };
}

/** For pipelines without services: every name is unknown. */
export const noServices: ServiceDirectory = directoryOf(new Map());
