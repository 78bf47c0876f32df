// JSON lines: every line that is not blank is one JSON value.

import { noRecord, type LineParser } from "./line-split.ts";

export const jsonlParser: LineParser = {
  parse(text) {
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      if (text.trim() === "") return noRecord;
      throw new Error("not JSON", { cause: error });
    }
  },
};
