import { expect, test } from "vitest";
import { isSageError, messageOf, SageError } from "./errors.ts";

class NoRoomError extends SageError {
  constructor() {
    super("no room", { code: "SAGE_NO_ROOM", fault: "cluster", retryable: true, hint: "Add a host.", cause: new Error("full") });
  }
}

test("an error names what happened, who has to act, and what to do", () => {
  const error = new NoRoomError();
  expect(error).toMatchObject({ name: "NoRoomError", message: "no room", code: "SAGE_NO_ROOM", fault: "cluster", retryable: true, hint: "Add a host." });
  expect(error.cause).toEqual(new Error("full"));
});

test("an error of another copy of this package is recognised, others are not", () => {
  const foreign = Object.assign(new Error("x"), { code: "SAGE_X", [Symbol.for("sage.error")]: true });
  expect(isSageError(foreign)).toBe(true);
  for (const value of [new Error("x"), { code: "SAGE_X" }, null, undefined, "SAGE_X"]) expect(isSageError(value)).toBe(false);
});

test("anything that can be thrown has a text", () => {
  expect([messageOf(new Error("a")), messageOf("b"), messageOf(null), messageOf(Object.create(null) === null)]).toEqual(["a", "b", "null", "false"]);
});
