// Writes the function that makes records out of columns or fields. Generated, because an object literal with known
// names is made several times as fast as an object that gets its names one by one.

export interface RecordField {
  readonly name: string;
  /** JavaScript for the value; sees the parameters and tools of the function. */
  readonly expression: string;
}

/** Source of an object literal; names may be any text, `__proto__` included. */
export function objectLiteral(fields: readonly RecordField[]): string {
  return `({ ${fields.map(({ name, expression }) => `${keyOf(name)}: ${expression}`).join(", ")} })`;
}

const made = new Map<string, unknown>();
const maxMade = 200;

/**
 * A function with the given parameters and body, which sees `tools` by name. Calls with the same text share it, so
 * that it stays optimised from one split to the next; the same text must always come with the same tools.
 */
export function compileFunction<F>(parameters: readonly string[], body: string, tools: Record<string, unknown>): F {
  const text = `"use strict"; return (${parameters.join(", ")}) => { ${body} };`;
  let compiled = made.get(text) as F | undefined;
  if (!compiled) {
    if (made.size >= maxMade) made.clear();
    // Names enter the text as JSON strings, and nothing else of the user's does.
    // oxlint-disable-next-line typescript/no-implied-eval
    compiled = new Function(...Object.keys(tools), text)(...Object.values(tools)) as F;
    made.set(text, compiled);
  }
  return compiled;
}

function keyOf(name: string): string {
  return name === "__proto__" ? `["__proto__"]` : JSON.stringify(name);
}
