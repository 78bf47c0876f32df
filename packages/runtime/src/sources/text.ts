// Text: every line is a record, the empty ones too.

import type { LineParser } from "./line-split.ts";

export const textParser: LineParser = { parse: (text) => text };
