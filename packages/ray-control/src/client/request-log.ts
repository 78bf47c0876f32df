// What was asked of the server and is not answered yet, and what the server may therefore forget.
//
// Invariants:
//   L1. Ids grow by one from request to request, are never 0, and start again at 1 after 2^31 - 1.
//   L2. An id is acknowledged only when every request up to it has been answered (but for gets, which the server does
//       not remember): a repeated request below the acknowledged id would end the session.
//   L3. Order is the order of asking: that is how everything is repeated after a reconnect.

const lastId = 2 ** 31 - 1;
/** So many answers, one acknowledgement; Python's client does the same. */
const answersPerAcknowledgement = 32;

export interface Remembered {
  readonly id: number;
  /** Whether the server keeps the answer until it is acknowledged. */
  readonly isKept: boolean;
}

export class RequestLog<R extends Remembered> {
  #lastId: number;
  #hasWrapped = false;
  readonly #kept = new Map<number, R>();
  readonly #gets = new Map<number, R>();
  #answers = 0;
  #acknowledged: number;

  /** @param afterId - the first id is the one after it. */
  constructor(afterId = 0) {
    this.#lastId = afterId;
    this.#acknowledged = afterId;
  }

  get lastId(): number {
    return this.#lastId;
  }

  get size(): number {
    return this.#kept.size + this.#gets.size;
  }

  nextId(): number {
    this.#hasWrapped ||= this.#lastId === lastId;
    this.#lastId = this.#lastId === lastId ? 1 : this.#lastId + 1;
    return this.#lastId;
  }

  add(request: R): void {
    (request.isKept ? this.#kept : this.#gets).set(request.id, request);
  }

  find(id: number): R | undefined {
    return this.#kept.get(id) ?? this.#gets.get(id);
  }

  /** Takes an answered request out. Gives the id to acknowledge now, if it is time. */
  settle(request: R): number | undefined {
    if (!(request.isKept ? this.#kept : this.#gets).delete(request.id) || !request.isKept) return undefined;
    if (++this.#answers % answersPerAcknowledgement !== 0) return undefined;
    const upTo = this.#answeredUpTo();
    if (upTo === this.#acknowledged) return undefined;
    this.#acknowledged = upTo;
    return upTo;
  }

  #answeredUpTo(): number {
    const [oldest] = this.#kept.keys();
    if (oldest === undefined) return this.#lastId;
    return oldest === 1 && this.#hasWrapped ? lastId : oldest - 1;
  }

  /** All of it, oldest first. */
  open(): R[] {
    const age = ({ id }: R) => (this.#lastId - id + lastId) % lastId;
    return [...this.#kept.values(), ...this.#gets.values()].sort((a, b) => age(b) - age(a));
  }

  clear(): R[] {
    const open = this.open();
    this.#kept.clear();
    this.#gets.clear();
    return open;
  }
}
