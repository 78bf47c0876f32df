import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cmd, quote, revealed, secretSettings, toDisplay, toShell, UnquotableWordError } from "./command.ts";
import { Secret } from "./secret.ts";

/** What a real shell makes of a command line that prints its arguments, each ended by a NUL. */
const asSeenByShell = (words: readonly string[]) =>
  execFileSync("/bin/sh", ["-c", toShell(cmd(["printf", "%s\\0", ...words]))]).toString("utf8").split("\0").slice(0, -1);

test("hostile words reach a program as they are, through a real shell", () => {
  const words = ["", " ", "'", '"', "$(touch x)", "`id`", "a\nb", "-n", "~", "*", "{a,b}", "!!", "\\", "\u001b[31m", "a'b'c", "#x", "x=y", "=x", "é"];
  expect(asSeenByShell(words)).toEqual(words);
});

test("any words without NUL reach a program as they are", () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: "grapheme" }).filter((word) => !word.includes("\0") && Buffer.from(word).toString() === word), { minLength: 1, maxLength: 8 }), (words) => {
    expect(asSeenByShell(words)).toEqual(words);
  }), { numRuns: 60 });
});

test("a command's environment is quoted too, and its names are checked", () => {
  expect(toShell(cmd(["ray", "start"], { env: { RAY_TMPDIR: "/tmp/a b" } }))).toBe("env RAY_TMPDIR='/tmp/a b' ray start");
  expect(() => toShell(cmd(["x"], { env: { "A;B": "1" } }))).toThrow(UnquotableWordError);
});

test("a secret setting reaches the command and what it starts, by no word that `ps` shows; its own stdin is what is behind it", () => {
  const command = cmd(["sh", "-c", 'printf "%s|%s|" "$HIDDEN" "$SHOWN"; cat; tr "\\0" "\\n" </proc/$$/cmdline'], { env: { HIDDEN: new Secret("http://me:pa 'ss\\@proxy"), SHOWN: "a b" }, stdin: "rest\n\nof it\n" });
  expect(toShell(command)).not.toContain("pa 'ss");
  expect(toDisplay(command)).toMatch(/^env HIDDEN=\[hidden\] SHOWN='a b' sh -c/);
  const printed = execFileSync("/bin/sh", ["-c", toShell(command)], { input: `${secretSettings(command)}${String(command.stdin)}` }).toString();
  expect(printed).toMatch(/^http:\/\/me:pa 'ss\\@proxy\|a b\|rest\n\nof it\nsh\n-c\n/);
  expect(printed.indexOf("pa 'ss")).toBe(printed.lastIndexOf("pa 'ss"));
  expect(revealed(command.env)).toEqual({ HIDDEN: "http://me:pa 'ss\\@proxy", SHOWN: "a b" });
  expect(() => secretSettings(cmd(["x"], { env: { A: new Secret("two\nlines") } }))).toThrow(UnquotableWordError);
});

test("a NUL is refused", () => {
  expect(() => quote("a\0b")).toThrow(UnquotableWordError);
});

test("a secret on stdin is hidden from people", () => {
  expect(toDisplay(cmd(["install", "-m", "600", "/dev/stdin", "/etc/sage/token"], { stdin: new Secret("s3") }))).toBe("install -m 600 /dev/stdin /etc/sage/token < [hidden]");
});
