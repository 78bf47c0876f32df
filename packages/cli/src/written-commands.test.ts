// Every command that a document shows can be typed: the real parser reads it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { commandSet } from "./command-table.ts";
import { parse } from "./parser.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const readmes = (folder: string) => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((path) => /(^|\/)README\.md$/.test(path) && !path.includes("node_modules")).map((path) => `${folder}/${path}`);
const documents = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", ...readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`), ...readmes("packages"), ...readmes("examples")];

/** The commands of a text, as words: of lines that begin with one, and of words set as code. */
function commandsIn(text: string): string[] {
  const lines = text.split("\n").flatMap((line) => /^(?:\$ )?(?:pnpm )?sage ([a-z].*)$/.exec(line)?.[1] ?? []);
  const inline = [...text.matchAll(/`(?:pnpm )?sage\s+([a-z][^`]*)`/g)].map(([, words]) => words!);
  return [...lines, ...inline].map((line) => line.replaceAll(/\\?\|-\S+/g, "").replace(/\s+#.*$|\s[|&>].*$| {2,}[^-].*$/s, "").replaceAll(/\s+/g, " ").replaceAll(/"([^"]*)"|'([^']*)'/g, (_, a?: string, b?: string) => (a ?? b ?? "").replaceAll(" ", "_")).trim());
}

/** Undefined where it can be typed; a command without its arguments is a name, and may stand for itself. */
function refusal(line: string): string | undefined {
  try {
    parse(commandSet, line.split(" "));
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    return message.startsWith("missing required argument") ? undefined : message;
  }
}

test.for(documents)("every command of %s exists, with the options that it is shown with", (path) => {
  const refused = commandsIn(readFileSync(join(root, path), "utf8")).flatMap((line) => {
    const why = refusal(line);
    return why === undefined ? [] : [`sage ${line}: ${why}`];
  });
  expect(refused).toEqual([]);
});

const groups = [...new Set(commandSet.commands.map((each) => each.path.split(" ")[0]!))].join("|");
const sources = readdirSync(join(root, "packages"), { recursive: true, encoding: "utf8" }).filter((path) => /^[^/]+\/src\/.*\.ts$/.test(path) && !/\.test\.ts$|\/(testing|gen)\//.test(path));

test("every command that a hint or a help names exists, with its options", () => {
  // Behind a command its sentence may go on, and an option's value may be put in when it is shown.
  const named = sources.flatMap((path) => {
    const text = readFileSync(join(root, "packages", path), "utf8").replaceAll(/^ *(\/\/|\*|\/\*\*).*$/gm, "");
    return [...text.matchAll(new RegExp(`\\bsage ((?:${groups})(?: -{0,2}[a-z][a-z-]*)*)(?![a-z-])`, "g"))].map(([, line]) => ({ path, line: line! }));
  });
  const refused = named.flatMap(({ path, line }) => { const why = refusal(line); return why === undefined || /^too many arguments|argument missing$/.test(why) ? [] : [`${path}: sage ${line}: ${why}`]; });
  expect(refused).toEqual([]);
  expect(named.length).toBeGreaterThan(50);
});

test("a command or an option that does not exist is found, in a block and in a sentence", () => {
  expect(commandsIn("```sh\npnpm sage job lst   # jobs\n$ sage job list --nope\n```\nType `sage deploy\nstart --remot`.").map((line) => [line, refusal(line) !== undefined])).toEqual([["job lst", true], ["job list --nope", true], ["deploy start --remot", true]]);
  expect(commandsIn("`sage jobmanager start --ray-address ray://HOST:10001`").map(refusal)).toEqual([undefined]);
  expect(commandsIn(readFileSync(join(root, "README.md"), "utf8")).length).toBeGreaterThan(8);
});
