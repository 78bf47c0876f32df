import { expect, test } from "vitest";
import { isUuid, newJobId, uuidV7 } from "./ids.ts";

test("ids are UUIDs of version 7, which sort by their time of making", () => {
  expect(isUuid(newJobId())).toBe(true);
  expect(uuidV7(1)[14]).toBe("7");
  expect("89ab").toContain(uuidV7(1)[19]);
  expect(uuidV7(1_000) < uuidV7(2_000)).toBe(true);
  expect(uuidV7(0x0123_4567_89ab).slice(0, 13)).toBe("01234567-89ab");
});

test("ids are unique, and other text is no id", () => {
  expect(new Set(Array.from({ length: 10_000 }, () => uuidV7(5))).size).toBe(10_000);
  for (const text of ["", "1", uuidV7().toUpperCase(), `${uuidV7()} `, `../${uuidV7()}`]) expect(isUuid(text)).toBe(false);
});
