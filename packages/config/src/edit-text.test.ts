import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { changeText } from "./edit-text.ts";
import { parseYaml } from "./yaml-source.ts";

const name = fc.constantFrom("a", "b", "host", "port", "key with space", "ü", "#x", "- y");
const scalar = fc.oneof(fc.integer(), fc.boolean(), fc.constantFrom("", "x", "a: b", "# no comment", "'", '"', "line\nbreak", " padded ", "null", "1", "*a", "&a", "{", "- x", "|"));
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof({ maxDepth: 3 }, scalar, fc.dictionary(name, tie("tree"), { maxKeys: 3 }), fc.array(tie("tree"), { maxLength: 3 })),
}));
const documents = fc.dictionary(name, tree, { maxKeys: 4 });
const layouts = fc.constantFrom({}, { indent: 4 }, { collectionStyle: "flow" as const }, { indentSeq: false }, { defaultStringType: "QUOTE_SINGLE" as const });
const commented = (text: string) => `# top\n${text}# end\n`;

test("any value can be set below any section, and reads back; comments survive", () => {
  fc.assert(
    fc.property(documents, layouts, fc.array(name, { minLength: 1, maxLength: 3 }), tree, (value, layout, path, wanted) => {
      const text = commented(stringify(value, { ...layout, lineWidth: 0 }));
      fc.pre(path.slice(0, -1).every((_, i) => isSection(valueAt(value, path.slice(0, i + 1)))));
      const changed = changeText(text, { op: "set", path, value: wanted });
      expect(changed).toContain("# top");
      expect(changed).toContain("# end");
      const read = valueAt(parseYaml(changed, "").value, path);
      expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify(wanted)));
    }),
    { numRuns: 1000 },
  );
});

test("any value that is there can be removed, and the others stay", () => {
  fc.assert(
    fc.property(documents, layouts, name, (value, layout, key) => {
      fc.pre(Object.hasOwn(value, key));
      const text = commented(stringify(value, { ...layout, lineWidth: 0 }));
      const changed = changeText(text, { op: "remove", path: [key] });
      const { [key]: _removed, ...rest } = value;
      expect(JSON.parse(JSON.stringify(parseYaml(changed, "").value))).toEqual(rest);
    }),
    { numRuns: 500 },
  );
});

function isSection(value: unknown): boolean {
  return value === undefined || (typeof value === "object" && value !== null && !Array.isArray(value));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((here, key) => (here as Record<string, unknown> | undefined)?.[key], value);
}
