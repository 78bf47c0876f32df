// Globs over paths with `/`: `*` and `?` stay within a name, `**` crosses names, `[a-z]` and `{a,b}` choose.

/**
 * A pattern as a regular expression for a whole path, without a leading or trailing slash. `dir/**` matches `dir` too,
 * so that whole folders can be left out.
 */
export function globToRegExp(glob: string, options: { readonly braces?: boolean } = {}): RegExp {
  let source = "";
  let depth = 0;
  for (let i = 0; i < glob.length; i++) {
    const char = glob[i]!;
    if (char === "*") {
      const from = i;
      while (glob[i + 1] === "*") i++;
      const whole = i - from >= 1 && (from === 0 || glob[from - 1] === "/") && (i + 1 === glob.length || glob[i + 1] === "/");
      if (!whole) source += "[^/]*";
      else if (i + 1 === glob.length) source = source.endsWith("/") ? `${source.slice(0, -1)}(?:/.*)?` : `${source}.*`;
      else {
        source += "(?:[^/]+/)*";
        i++;
      }
    } else if (char === "?") source += "[^/]";
    else if (char === "[") {
      const end = endOfClass(glob, i);
      if (end < 0) source += "\\[";
      else {
        source += classOf(glob.slice(i + 1, end));
        i = end;
      }
    } else if (char === "{" && options.braces === true && glob.includes("}", i)) {
      source += "(?:";
      depth++;
    } else if (char === "}" && depth > 0) {
      source += ")";
      depth--;
    } else if (char === "," && depth > 0) source += "|";
    else if (char === "\\" && i + 1 < glob.length) source += literal(glob[++i]!);
    else source += literal(char);
  }
  return new RegExp(`^${source}${")".repeat(depth)}$`, "s");
}

const literal = (char: string) => (/[\\^$.*+?()[\]{}|]/.test(char) ? `\\${char}` : char);

/** Where `[…]` ends; a `]` right after `[`, `[!` or `[^` is a member. */
function endOfClass(glob: string, from: number): number {
  let at = from + 1;
  if (glob[at] === "!" || glob[at] === "^") at++;
  if (glob[at] === "]") at++;
  for (; at < glob.length && glob[at] !== "]"; at++) if (glob[at] === "\\") at++;
  return at < glob.length ? at : -1;
}

function classOf(inner: string): string {
  const negated = inner.startsWith("!") || inner.startsWith("^");
  const members = (negated ? inner.slice(1) : inner).replace(/\\(.)/g, "$1").replace(/[\\\]^[]/g, "\\$&");
  const set = negated ? `(?!/)[^${members}]` : `(?!/)[${members}]`;
  try {
    new RegExp(set);
    return set;
  } catch {
    return "(?!)"; // a range that runs backwards matches nothing
  }
}
