import { SageError } from "@sage/core";
import { expect, test } from "vitest";
import { flagsOf, hintOf, hintsIn, withFlags } from "./hints.ts";

const flags = flagsOf({ config: "my config.yaml" });

test("a hint names the file that the caller named, right behind the command's words", () => {
  expect(withFlags("Start it: sage worker start --host b", flags)).toBe("Start it: sage worker start --config 'my config.yaml' --host b");
  expect(withFlags("Then: sage cluster scale remove b, or sage doctor", flags)).toBe("Then: sage cluster scale remove --config 'my config.yaml' b, or sage doctor --config 'my config.yaml'");
  expect(withFlags("Run: sage config set head.host x", flags)).toBe("Run: sage config set head.host x");
});

test("without such flags, hints stay as they are", () => {
  expect(flagsOf({})).toBe("");
  expect(withFlags("sage head logs", "")).toBe("sage head logs");
});

test("fixes in results and hints of errors are both made whole, and nothing else is touched", () => {
  const result = { hosts: [{ text: "sage head start", fix: "sage head start", steps: [] }], at: new Date(0) };
  expect(hintsIn(result, " --cluster p")).toEqual({ hosts: [{ text: "sage head start", fix: "sage head start --cluster p", steps: [] }], at: new Date(0) });
  expect(hintOf(new SageError("x", { code: "SAGE_X", fault: "user", hint: "sage head logs" }), " --cluster p")).toMatchObject({ hint: "sage head logs --cluster p" });
});
