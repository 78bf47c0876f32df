// Handlers of a service that is listened for before it can answer: calls wait until it can.

type AnyHandler = (...args: unknown[]) => unknown;

/** @param names - of the service's methods. @param ready - never rejects: who cannot answer closes the server. */
export function lateHandlers<T extends object>(names: readonly string[], ready: Promise<T>): T {
  const late = (name: string): AnyHandler => (...args) => void ready.then((handlers) => (handlers as Record<string, AnyHandler>)[name]!(...args));
  return Object.fromEntries(names.map((name) => [name, late(name)])) as T;
}
