// Classes whose instances stay instances when records cross to another worker.
//
// The registry hangs on globalThis: the user's bundle may carry its own copy of this package, and both must see one list.

/** How instances of one class travel. */
export interface RegisteredType {
  readonly name: string;
  readonly toPlain: (instance: object) => unknown;
  readonly fromPlain: (plain: unknown) => object;
}

export interface RegisterTypeOptions<T extends object> {
  /** The name on the wire, the same in every process; default: the class's name. */
  readonly name?: string;
  /** Plain data that says all about an instance; default: a copy of its own enumerable fields. */
  readonly toPlain?: (instance: T) => unknown;
  /** Makes an instance again; default: an object of the class, its constructor not called, with those fields. */
  readonly fromPlain?: (plain: never) => T;
}

interface Registry {
  readonly byPrototype: Map<object, RegisteredType>;
  readonly byName: Map<string, RegisteredType>;
  /** The registered classes in order, for codecs that keep their own list. */
  readonly classes: (abstract new (...args: never) => object)[];
}

const key = Symbol.for("sage.registered-types");
const holder = globalThis as { [key]?: Registry };
const registry = (holder[key] ??= { byPrototype: new Map(), byName: new Map(), classes: [] });

/**
 * Keeps the class of `Class`'s instances when records cross to another worker; without it they arrive as plain objects.
 * Call it at the top of a module that every worker imports. A second call for a name or class replaces the first.
 * Subclasses are not included: each is registered by itself.
 */
export function registerType<T extends object>(
  Class: abstract new (...args: never) => T,
  options: RegisterTypeOptions<T> = {},
): void {
  const prototype = Class.prototype as object;
  const type: RegisteredType = {
    name: options.name ?? Class.name,
    toPlain: (options.toPlain as ((instance: object) => unknown) | undefined) ?? ((instance) => ({ ...instance })),
    fromPlain: (options.fromPlain as ((plain: unknown) => object) | undefined) ?? ((plain) => withFields(prototype, plain)),
  };
  if (!registry.byPrototype.has(prototype)) registry.classes.push(Class);
  registry.byPrototype.set(prototype, type);
  registry.byName.set(type.name, type);
}

function withFields(prototype: object, plain: unknown): object {
  const instance = Object.create(prototype) as object;
  for (const [name, value] of Object.entries(plain as object)) {
    Object.defineProperty(instance, name, { value, writable: true, enumerable: true, configurable: true });
  }
  return instance;
}

/** The registration of an object's class, if any. */
export function registeredTypeOf(prototype: object): RegisteredType | undefined {
  return registry.byPrototype.size === 0 ? undefined : registry.byPrototype.get(prototype);
}

export function registeredTypeNamed(name: string): RegisteredType | undefined {
  return registry.byName.get(name);
}

/** Every class registered so far; grows only at its end. */
export const registeredClasses: readonly (abstract new (...args: never) => object)[] = registry.classes;
