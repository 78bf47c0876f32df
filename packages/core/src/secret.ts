// A string that shows itself only when asked, so that no log, error or JSON prints it by accident.

const hidden = "[hidden]";

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The string itself. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return hidden;
  }
}

/** The text with passwords in URLs hidden: `http://me:[hidden]@proxy:3128`. */
export function hideUrlPasswords(text: string): string {
  return text.replace(/(:\/\/[^\s/?#@:'"]*:)[^\s/?#@'"]+(?=@)/g, `$1${hidden}`);
}
