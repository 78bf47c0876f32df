// Fields of typed CSV columns to values; an empty field is null.

import { excerptOf } from "./source-errors.ts";

export type CsvType = "string" | "number" | "boolean" | "date";

type Reader = (field: string, column: string) => unknown;

/** A reader for each type but "string", which needs none. */
export const csvValues: Readonly<Record<Exclude<CsvType, "string">, Reader>> = {
  number(field, column) {
    if (field === "") return null;
    const value = Number(field);
    if ((Number.isNaN(value) && field !== "NaN") || field.trim() === "") throw wrongType(field, column, "a number");
    return value;
  },
  boolean(field, column) {
    if (field === "") return null;
    if (/^(true|1)$/i.test(field)) return true;
    if (/^(false|0)$/i.test(field)) return false;
    throw wrongType(field, column, "true, false, 1 or 0");
  },
  date(field, column) {
    if (field === "") return null;
    const value = isoDate.test(field) ? new Date(inZone(field)) : null;
    if (!value || Number.isNaN(value.getTime())) throw wrongType(field, column, "an ISO 8601 date");
    return value;
  },
};

const isoDate = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** As the language wants it. Without a zone it is UTC: the same value on every host, whatever zone the host is in. */
function inZone(iso: string): string {
  if (iso.length === 10) return iso;
  const text = iso[10] === "T" ? iso : iso.replace(" ", "T");
  if (text.endsWith("Z")) return text;
  return /[+-]\d\d:?\d\d$/.test(text.slice(11)) ? text.replace(/(\d\d)(\d\d)$/, "$1:$2") : `${text}Z`;
}

function wrongType(field: string, column: string, wanted: string): Error {
  return new Error(`column ${JSON.stringify(column)} holds ${excerptOf(field)}, not ${wanted}`);
}
