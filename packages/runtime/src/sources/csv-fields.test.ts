import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { endsInQuotes, fieldsOf } from "./csv-fields.ts";

const quote = (field: string) => `"${field.replaceAll('"', '""')}"`;
const needsQuotes = (field: string) => /[",\r\n]/.test(field);
const record = fc.array(fc.tuple(fc.string({ unit: fc.constantFrom("a", "ü", "😀", '"', ",", "\n", "\r", " ") }), fc.boolean()), {
  minLength: 1,
});

test("whatever was written as CSV is read back, as csv-parse reads it", () => {
  fc.assert(
    fc.property(record, (parts) => {
      const text = parts.map(([field, isQuoted]) => (isQuoted || needsQuotes(field) ? quote(field) : field)).join(",");
      const fields = parts.map(([field]) => field);
      fc.pre(text !== "");
      expect(fieldsOf(text, ",")).toEqual(fields);
      expect(parse(text, { relax_column_count: true, record_delimiter: "\u0000" })).toEqual([fields]);
    }),
  );
});

test("a text is taken or refused as csv-parse takes or refuses it", () => {
  const anyText = fc.string({ unit: fc.constantFrom("a", '"', ",", "b"), minLength: 1 });
  fc.assert(
    fc.property(anyText, (text) => {
      const read = (parser: () => string[] | undefined) => {
        try {
          return parser();
        } catch {
          return "refused";
        }
      };
      expect(read(() => fieldsOf(text, ","))).toEqual(read(() => parse(text)[0]));
    }),
    { numRuns: 1000 },
  );
});

test("a record is open while its quotes are odd in number, in whatever pieces it comes", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", '"', "\n") }), fc.nat(), (text, at) => {
      const block = Buffer.from(text);
      const cut = at % (block.length + 1);
      const inPieces = endsInQuotes(block, cut, block.length, endsInQuotes(block, 0, cut, false));
      expect(inPieces).toBe((text.split('"').length - 1) % 2 === 1);
    }),
  );
});
