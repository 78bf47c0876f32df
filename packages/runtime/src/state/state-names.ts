// The names of an operator's states, "value count", and their places among the values of a key. A name is there because
// the program has asked for it, or because saved state has it; until it has been asked for it is unread.

/** A state's kind and name. */
export type StateName = string;

export class StateNames {
  readonly #slots = new Map<StateName, number>();
  /** What the program has asked for. */
  readonly #asked = new Map<string, Map<string, number>>();
  readonly #saved = new Set<StateName>();

  /** In the order of their places. */
  get all(): readonly StateName[] {
    return [...this.#slots.keys()];
  }

  /** Asked for with every use of a state: the two texts are looked up as they are, putting them together would cost more than the use. */
  slotOf(kind: string, name: string): number {
    return this.#asked.get(kind)?.get(name) ?? this.#newlyAsked(kind, name);
  }

  /** The place of a state that was saved: whether the program knows it is not said by that. */
  savedSlot(name: StateName): number {
    this.#saved.add(name);
    return this.#placeOf(name);
  }

  /** What the program has asked for so far. */
  get asked(): readonly StateName[] {
    return [...this.#asked].flatMap(([kind, ofKind]) => [...ofKind.keys()].map((name) => `${kind} ${name}`));
  }

  /** Of that, what nobody has saved; ours, "value sage:timers", left out. */
  get added(): readonly StateName[] {
    return this.asked.filter((name) => !this.#saved.has(name) && !name.includes(" sage:"));
  }

  /** What was saved, and has not been asked for. */
  get unread(): readonly StateName[] {
    const asked = new Set(this.asked);
    return [...this.#saved].filter((name) => !asked.has(name));
  }

  #newlyAsked(kind: string, name: string): number {
    const slot = this.#placeOf(`${kind} ${name}`);
    const ofKind = this.#asked.get(kind) ?? new Map<string, number>();
    this.#asked.set(kind, ofKind.set(name, slot));
    return slot;
  }

  #placeOf(name: StateName): number {
    const slot = this.#slots.get(name) ?? this.#slots.size;
    this.#slots.set(name, slot);
    return slot;
  }
}
