// From the table of commands to commander: names, help, and the values of arguments and options.

import { Command, CommanderError, Option, type Argument } from "commander";
import type { AnyCommand } from "./command.ts";
import { UsageError } from "./errors.ts";
import { addChosen, addPair, parseDuration, parseInteger, type OptionDeclaration, type OptionTable } from "./options.ts";

/** What a command line asks for. */
export type Parsed =
  | { readonly kind: "call"; readonly command: AnyCommand; readonly args: Readonly<Record<string, unknown>>; readonly options: Readonly<Record<string, unknown>> }
  | { readonly kind: "text"; readonly text: string };

export interface Group {
  readonly path: string;
  readonly summary: string;
  /** The command that the bare group stands for. */
  readonly bare?: string;
}

export interface CommandSet {
  readonly groups: readonly Group[];
  readonly commands: readonly AnyCommand[];
  readonly version: string;
}

const outputs = ["table", "wide", "json", "yaml", "name"] as const;

const everywhere: OptionTable = {
  "no-color": { type: "boolean", help: "no colours, as with NO_COLOR" },
  quiet: { type: "boolean", short: "q", help: "no progress and no hints" },
};
const forReads: OptionTable = { output: { type: "string", short: "o", value: "FORM", choices: outputs, help: "form of the result" }, format: { type: "string", value: "FORM", choices: outputs, help: "the same as -o" } };
const forResults: OptionTable = { json: { type: "boolean", help: "the result as JSON" } };
const forDaemon: OptionTable = {
  host: { type: "string", value: "HOST", help: "the daemon's host; default: from the configuration, else 127.0.0.1" },
  port: { type: "integer", value: "PORT", max: 65_535, help: "the daemon's port; default: from the configuration, else 19001" },
};
const forQuestions: OptionTable = { yes: { type: "boolean", short: "y", help: "answer every question with yes" } };

/** Every option that a command takes: its own and those of its kind. Its own win. */
export function optionsOf(command: AnyCommand): OptionTable {
  return {
    ...(command.onDaemon ? forDaemon : {}),
    ...command.options,
    ...(command.asks ? forQuestions : {}),
    ...forResults,
    ...(command.reads ? forReads : {}),
    ...everywhere,
  };
}

/**
 * Understands a command line (without `node` and the script).
 *
 * @throws UsageError with a suggestion where one is near
 */
export function parse(set: CommandSet, argv: readonly string[], width = 100): Parsed {
  let parsed: Parsed | undefined;
  let text = "";
  const errors: string[] = [];
  const output = { writeOut: (part: string) => void (text += part), writeErr: (part: string) => void errors.push(part), getOutHelpWidth: () => width, getErrHelpWidth: () => width };
  const prepare = (each: Command) => each.exitOverride().configureOutput(output).configureHelp({ subcommandTerm: termOf }).helpOption("-h, --help", "show this help").helpCommand(false).showSuggestionAfterError();
  const root = prepare(new Command("sage")).description("Dataflow pipelines in TypeScript: run them here, or as jobs of a JobManager daemon.").version(set.version, "-v, --version", "show the version").enablePositionalOptions();
  root.addHelpText("after", "\nEvery command has --help, and --json for programs.\nStart with: sage run FILE");
  const nodes = new Map<string, Command>([["", root]]);
  const at = (path: string, summary: string, hidden = false) => {
    const made = prepare(new Command(path.split(" ").pop())).description(summary);
    nodes.get(path.split(" ").slice(0, -1).join(" "))!.addCommand(made, { hidden });
    nodes.set(path, made);
    return made;
  };
  const words = withBareGroup(set, argv);
  for (const entry of set.commands) {
    for (const group of set.groups) if (entry.path.startsWith(`${group.path} `) && !nodes.has(group.path)) at(group.path, group.summary);
    const made = at(entry.path, entry.summary, entry.hidden);
    declareArguments(made, entry);
    // Options cost time to declare: only those of the command that is meant.
    if (entry.path.split(" ").every((word, i) => word === words[i])) declareOptions(made, entry, (args, options) => { parsed = { kind: "call", command: entry, args, options }; });
  }
  try {
    root.parse(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "text", text };
    if (error.code === "commander.help") return { kind: "text", text: text || errors.join("") };
    throw usageError(error, set, argv);
  }
  return parsed ?? { kind: "text", text };
}

/** `sage config --json` → `sage config show --json`. */
function withBareGroup({ groups }: CommandSet, argv: readonly string[]): string[] {
  const group = groups.find(({ path, bare }) => bare !== undefined && path === argv[0]);
  const next = argv[1];
  if (!group || next === "-h" || next === "--help" || (next !== undefined && !next.startsWith("-"))) return [...argv];
  return [argv[0]!, group.bare!, ...argv.slice(1)];
}

const bareName = (name: string) => name.replace(/\?$|\.\.\.$/, "");

function declareArguments(made: Command, entry: AnyCommand): void {
  for (const name of entry.args ?? []) {
    const bare = bareName(name);
    made.argument(name.endsWith("...") ? `[${bare}...]` : name.endsWith("?") ? `[${bare}]` : `<${bare}>`, entry.argHelp?.[bare] ?? "");
  }
}

function declareOptions(made: Command, entry: AnyCommand, found: (args: Record<string, unknown>, options: Record<string, unknown>) => void): void {
  const table = optionsOf(entry);
  for (const [name, option] of Object.entries(table)) made.addOption(toCommander(name, option));
  const after = [entry.details, entry.examples && `Examples:\n${entry.examples.map((each) => `  $ ${each}`).join("\n")}`].filter(Boolean);
  if (after.length > 0) made.addHelpText("after", `\n${after.join("\n\n")}`);
  made.action(() => {
    const args = Object.fromEntries((entry.args ?? []).map((name, i) => [bareName(name), made.processedArgs[i]]));
    const given = made.opts<Record<string, unknown>>();
    found(args, Object.fromEntries(Object.entries(table).map(([name, option]) => [name, valueOf(name, option, given)])));
  });
}

function toCommander(name: string, option: OptionDeclaration): Option {
  const flag = `--${name}`;
  const isOptional = option.type === "integer" && option.withoutValue !== undefined;
  const value = option.type === "boolean" ? "" : isOptional ? ` [${metavar(name, option)}]` : ` <${metavar(name, option)}>`;
  const made = new Option(`${option.short ? `-${option.short}, ` : ""}${flag}${value}`, option.help);
  if (option.hidden) made.hideHelp();
  if (option.type === "string" && option.choices) made.choices(option.choices);
  if (option.type === "integer") made.argParser((text) => parseInteger(text, flag, option.min, option.max));
  if (option.type === "duration") made.argParser((text) => parseDuration(text, flag));
  if (option.type === "list") made.argParser<readonly string[]>((text, before) => addChosen(text, before ?? [], flag, option.choices));
  if (option.type === "pairs") made.argParser<Record<string, string>>((text, before) => addPair(text, before ?? {}, flag));
  return made;
}

function metavar(name: string, option: OptionDeclaration): string {
  if ("value" in option && option.value !== undefined) return option.value;
  if (option.type === "pairs") return "key=value";
  return option.type === "duration" ? "duration" : name;
}

/** commander gives `--no-color` as `color: false` and `--older-than` as `olderThan`; here an option has its own name. */
function valueOf(name: string, option: OptionDeclaration, given: Readonly<Record<string, unknown>>): unknown {
  if (name.startsWith("no-")) return given[camel(name.slice(3))] === false;
  const value = given[camel(name)];
  if (option.type === "boolean") return value === true;
  if (option.type === "integer" && value === true) return option.withoutValue;
  if (option.type === "list") return value ?? [];
  return option.type === "pairs" ? (value ?? {}) : value;
}

/** `show <job>`: without the word [options] that every line would have. */
const termOf = (each: Command) => [each.name(), ...each.registeredArguments.map((argument) => argumentTerm(argument))].join(" ");
const argumentTerm = (argument: Argument) => (argument.required ? `<${argument.name()}>` : `[${argument.name()}${argument.variadic ? "..." : ""}]`);

const camel = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

function usageError(error: CommanderError, set: CommandSet, argv: readonly string[]): UsageError {
  const [sentence = "", ...more] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = /^\(Did you mean (.*)\?\)$/.exec(more.join(" ").trim())?.[1];
  const words = argv.filter((word) => !word.startsWith("-"));
  const known = [3, 2, 1].map((count) => words.slice(0, count).join(" ")).find((path) => path !== "" && [...set.commands, ...set.groups].some((each) => each.path === path));
  const help = `sage ${known === undefined ? "" : `${known} `}--help`;
  return new UsageError(sentence, suggestion === undefined ? `See \`${help}\`.` : `Did you mean ${suggestion}? See \`${help}\`.`);
}
