import { nearest } from "@sage/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseAddress } from "./addresses.ts";
import { ConfigError, formatFinding } from "./errors.ts";
import { resolveConfig } from "./load.ts";
import { configFileOf } from "./read-file.ts";
import { resolveNokube } from "./load-nokube.ts";
import { showValue } from "./show-value.ts";
import type { SageConfig } from "./sage-schema.ts";
import { parseYaml } from "./yaml-source.ts";

const dangerous = fc.constantFrom(";", "$(", ")", "`", "\n", "'", '"', " ", "-", "-oProxyCommand=", "\\", "&&", "|", "\u0000", "\u001b[31m", "\u202e", "\r", "~", "*", "/", "..", "@", ":", "%", "#", "<", ">", "a", "sage2");
const hostile = fc.array(dangerous, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(""));
const plainHost = /^[A-Za-z0-9][A-Za-z0-9._-]*$|^[0-9A-Fa-f:.]+(%[A-Za-z0-9]+)?$/;

/** The loaded values, and what is printed where there are none. */
function load(config: object): { value?: SageConfig; printed: string } {
  try {
    return { value: resolveConfig(configFileOf(JSON.stringify(config), "c.yaml"), { env: {} }).value, printed: "" };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { printed: error.findings.map(formatFinding).join("") };
  }
}

const control = /\p{Cc}|\u202e/u;
const accepted = (config: object, pick: (value: SageConfig) => string | undefined) => {
  const { value, printed } = load(config);
  expect(printed).not.toMatch(control);
  return (value && pick(value)) ?? "none";
};

test("no host or user with a meaning to a shell passes, in any of the forms", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(accepted({ head: { host: text } }, (value) => value.head.host)).toMatch(plainHost);
      expect(accepted({ ssh: { user: text } }, (value) => value.ssh.user)).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/);
      expect(parseAddress(text)?.host ?? "none").toMatch(plainHost);
      for (const forms of [{ workers_ssh_hosts: text }, { workers_ssh_hosts: [text] }, { workers_ssh_hosts: [{ host: text }] }, { ssh: { jump_host: text } }]) {
        expect(accepted(forms, ({ workers_ssh_hosts: hosts, ssh }) => JSON.stringify([hosts, ssh.jump_host]))).toMatch(/^[A-Za-z0-9._:@%,{}"[\] -]*$/);
      }
    }),
    { numRuns: 2000 },
  );
});

test("no path with a control character passes", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(accepted({ head: { temp_dir: text } }, (value) => value.head.temp_dir)).not.toMatch(control);
      expect(accepted({ ssh: { key_path: text } }, (value) => value.ssh.key_path)).not.toMatch(control);
    }),
    { numRuns: 1000 },
  );
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

test("any text is read or refused with a ConfigError, and Object.prototype is as before", () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const piece = fc.constantFrom("__proto__", "constructor", "prototype", ": ", "\n", "  ", "- ", "{", "}", "[", "]", ", ", "&a ", "*a", "!!set ", "? ", "|\n", '"', "'", "#", "head", "host", "nodes", "ssh_url", "1", "polluted", "toString", "hasOwnProperty", "<<", "---", "%");
  fc.assert(
    fc.property(fc.oneof(fc.array(piece, { maxLength: 30 }).map((parts) => parts.join("")), fc.string({ unit: "binary", maxLength: 100 })), (text) => {
      for (const run of [() => resolveConfig(configFileOf(text, "c.yaml"), { env: {} }), () => resolveNokube(configFileOf(text, "c.yaml"), {})]) {
        expect(thrownBy(run)).toSatisfy((error) => error === undefined || error instanceof ConfigError);
      }
    }),
    { numRuns: 3000 },
  );
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

const megabyte = 1024 * 1024;
test.for([
  ["opening brackets", "[".repeat(megabyte)],
  ["opening braces", "{a: ".repeat(megabyte / 4)],
  ["dashes", "- ".repeat(megabyte / 2)],
  ["100,000 keys", Array.from({ length: 100_000 }, (_, i) => `k${i}: 1`).join("\n").slice(0, megabyte)],
  ["indentation", Array.from({ length: 1400 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
  ["documents", "---\n".repeat(megabyte / 4)],
  ["one long host", `head:\n  host: ${"a".repeat(megabyte - 20)}`],
  ["one long worker list", `workers_ssh_hosts: "${"a-".repeat(megabyte / 2 - 20)}"`],
  ["commas", `workers_ssh_hosts: "${"a,".repeat(megabyte / 2 - 20)}!"`],
  ["wrong escapes", `a: "${"\\x".repeat(megabyte / 2 - 10)}"`],
  ["broken hosts", `workers_ssh_hosts:\n${"- {hots: 1, prot: x}\n".repeat(9999)}`],
  ["wrong escapes in many values", Array.from({ length: 400 }, (_, i) => `k${i}: "${"\\x".repeat(1200)}"`).join("\n")],
  ["one long unknown key", `${"k".repeat(megabyte - 20)}: 1`],
])("a megabyte of %s is refused", ([, text]) => {
  expect(() => resolveConfig(configFileOf(text ?? "", "c.yaml"), { env: {} })).toThrow(ConfigError);
});

test("values have no prototype, so that no key of theirs is inherited", () => {
  const value = parseYaml("a: { b: [ { c: 1 } ] }\n", "c.yaml").value as { a: { b: object[] } };
  expect([value, value.a, value.a.b[0]].map((one) => Object.getPrototypeOf(one) as unknown)).toEqual([null, null, null]);
});

test("what is shown of a value cannot move the cursor or hide text", () => {
  expect(showValue("\u001b[2J\u202eevil\u0000\u200b")).toBe('"\\u001b[2J\\u202eevil\\u0000\\u200b"');
  expect(showValue("x".repeat(100))).toBe(`"${"x".repeat(60)}…"`);
});

test("a suggestion is near, or there is none", () => {
  expect([nearest("prot", ["port", "host"]), nearest("keypath", ["key_path"]), nearest("zzz", ["port"]), nearest("x".repeat(1e6), ["port"])]).toEqual(["port", "key_path", undefined, undefined]);
});
