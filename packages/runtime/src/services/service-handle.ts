// A service as its callers see it: an object whose every method returns a promise.

/** Passes a call on; never throws, always a promise. */
export type CallService = (method: string, args: readonly unknown[]) => Promise<unknown>;

/**
 * Makes a handle. Methods are not looked up before they are called, so one handle serves all instances of a service.
 * It has no `then`: it can be returned from an async function.
 */
export function serviceHandle(call: CallService): object {
  const methods = new Map<string, (...args: unknown[]) => Promise<unknown>>();
  const handle = new Proxy(Object.create(null) as object, {
    get(_target, name) {
      if (typeof name !== "string" || name === "then") return undefined;
      let method = methods.get(name);
      if (!method) methods.set(name, (method = (...args) => call(name, args)));
      return method;
    },
  });
  handles.add(handle);
  return handle;
}

const handles = new WeakSet<object>();

export const isServiceHandle = (value: unknown): boolean => typeof value === "object" && value !== null && handles.has(value);
