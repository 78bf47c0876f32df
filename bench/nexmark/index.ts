// All queries, in the order of their numbers.

import type { NexmarkQuery } from "./query.ts";
import { q11 } from "./q11.ts";
import { q3 } from "./q3.ts";
import { q4 } from "./q4.ts";
import { q5 } from "./q5.ts";
import { q7 } from "./q7.ts";
import { q8 } from "./q8.ts";
import { q0, q1, q2 } from "./stateless.ts";

export const nexmarkQueries: readonly NexmarkQuery<unknown>[] = [q0, q1, q2, q3, q4, q5, q7, q8, q11];
