// Python values that JavaScript has no word for, as inert data: nothing here imports, calls or constructs anything.

/** A tuple; arrays stand for lists. */
export class PyTuple {
  readonly items: readonly unknown[];
  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** A float, also when its value is whole; plain whole numbers stand for ints. */
export class PyFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A reference to something importable: a class or a function, by name. Never imported here. */
export class PyGlobal {
  readonly module: string;
  readonly name: string;
  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** What `persistent_id` has put in the place of an object. */
export class PersistentId {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

/** An object as the recipe that would make it: what to call, with what, and what to put into the result. */
export class PyObject {
  readonly callee: unknown;
  readonly args: readonly unknown[];
  /** "call" is `callee(*args)`, "new" is `callee.__new__(callee, *args, **kwargs)`. */
  readonly via: "call" | "new";
  readonly kwargs: ReadonlyMap<unknown, unknown> | undefined;
  /** Appended (or added) to the object. */
  readonly items: unknown[] = [];
  /** Set in the object by key. */
  readonly entries: (readonly [unknown, unknown])[] = [];
  /** Given to `__setstate__`, or put into `__dict__`. */
  state: unknown = undefined;

  constructor(callee: unknown, args: readonly unknown[] = [], via: "call" | "new" = "call", kwargs?: ReadonlyMap<unknown, unknown>) {
    this.callee = callee;
    this.args = args;
    this.via = via;
    this.kwargs = kwargs;
  }
}

/** A call of something importable, to be carried out where the pickle is loaded. */
export const pyCall = (module: string, name: string, ...args: unknown[]): PyObject => new PyObject(new PyGlobal(module, name), args);
