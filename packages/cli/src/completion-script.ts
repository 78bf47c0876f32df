// Completion scripts for shells, made from the table of commands. They complete words, options and choices by
// themselves and start no process; file names are completed where a file is wanted.

import type { AnyCommand } from "./command.ts";
import { UsageError } from "./errors.ts";
import { optionsOf, type CommandSet } from "./parser.ts";

/** What may follow a path of words ("job", "job list"). */
interface Following {
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly help: string }[];
  /** Options with their help and, where there are any, their values. */
  readonly options: readonly { readonly flag: string; readonly help: string; readonly takesValue: boolean; readonly choices: readonly string[] }[];
  readonly wantsFile: boolean;
}

/** Lines of the script. @throws UsageError for another shell */
export function completionScript(shell: string, set: CommandSet): string[] {
  const table = followings(set);
  if (shell === "bash") return bashScript(table);
  if (shell === "zsh") return zshScript(table);
  if (shell === "fish") return fishScript(table);
  throw new UsageError(`there is no completion for "${shell}"`, "Choose bash, zsh or fish.");
}

function followings({ groups, commands }: CommandSet): Following[] {
  const top = [...new Set(commands.map(({ path }) => path.split(" ")[0]!))];
  const helpOf = (path: string) => [...groups, ...commands].find((each) => each.path === path)?.summary ?? "";
  return [
    { path: "", words: top.map((word) => ({ word, help: helpOf(word) })), options: [flagOf("help", "show this help"), flagOf("version", "show the version")], wantsFile: false },
    ...groups.map((group) => ({
      path: group.path,
      words: commands.filter(({ path, hidden }) => !hidden && path.startsWith(`${group.path} `)).map(({ path, summary }) => ({ word: path.split(" ").pop()!, help: summary })),
      options: [flagOf("help", "show this help")],
      wantsFile: false,
    })),
    ...commands.filter(({ hidden }) => !hidden).map((entry) => ({ path: entry.path, words: [], options: [flagOf("help", "show this help"), ...optionFlags(entry)], wantsFile: (entry.args ?? []).some((name) => name.startsWith("file")) })),
  ];
}

const flagOf = (name: string, help: string) => ({ flag: `--${name}`, help, takesValue: false, choices: [] as readonly string[] });

function optionFlags(entry: AnyCommand): Following["options"] {
  return Object.entries(optionsOf(entry)).filter(([, option]) => !option.hidden).map(([name, option]) => ({
    flag: `--${name}`, help: option.help, takesValue: option.type !== "boolean", choices: ("choices" in option && option.choices) || [],
  }));
}

/** In single quotes, for a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function bashScript(table: readonly Following[]): string[] {
  const next = table.map(({ path, words, options }) => `    ${quoted(path)}) words=${quoted([...words.map(({ word }) => word), ...options.map(({ flag }) => flag)].join(" "))} ;;`);
  const choices = table.flatMap(({ path, options }) => options.filter((each) => each.choices.length > 0).map(({ flag, choices }) => `    ${quoted(`${path} ${flag}`)}) words=${quoted(choices.join(" "))} ;;`));
  const files = table.filter(({ wantsFile }) => wantsFile).map(({ path }) => quoted(path)).join("|");
  return [
    "_sage() {",
    "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path= words= index",
    "  for ((index = 1; index < COMP_CWORD; index++)); do",
    "    case \"${path:+$path }${COMP_WORDS[index]}\" in",
    `      ${table.filter(({ path }) => path !== "").map(({ path }) => quoted(path)).join("|")}) path=\${path:+$path }\${COMP_WORDS[index]} ;;`,
    "    esac",
    "  done",
    "  case \"$path\" in", ...next, "  esac",
    "  case \"$path $previous\" in", ...choices, "  esac",
    "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))",
    `  case "$path" in ${files}) [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- "$current")) ;; esac`,
    "}",
    "complete -o filenames -o nosort -F _sage sage 2>/dev/null || complete -o filenames -F _sage sage",
  ];
}

function zshScript(table: readonly Following[]): string[] {
  const item = (word: string, help: string) => quoted(`${word.replaceAll(":", "\\:")}:${help}`);
  const next = table.map(({ path, words, options }) => `    ${quoted(path)}) items=(${[...words.map(({ word, help }) => item(word, help)), ...options.map(({ flag, help }) => item(flag, help))].join(" ")}) ;;`);
  const choices = table.flatMap(({ path, options }) => options.filter((each) => each.choices.length > 0).map(({ flag, choices }) => `    ${quoted(`${path} ${flag}`)}) items=(${choices.map(quoted).join(" ")}) ;;`));
  const files = table.filter(({ wantsFile }) => wantsFile).map(({ path }) => quoted(path)).join("|");
  return [
    "#compdef sage",
    "_sage() {",
    "  local path_words= index",
    "  local -a items",
    "  for ((index = 2; index < CURRENT; index++)); do",
    "    case \"${path_words:+$path_words }${words[index]}\" in",
    `      ${table.filter(({ path }) => path !== "").map(({ path }) => quoted(path)).join("|")}) path_words="\${path_words:+$path_words }\${words[index]}" ;;`,
    "    esac",
    "  done",
    "  case \"$path_words\" in", ...next, "  esac",
    "  case \"$path_words ${words[CURRENT-1]}\" in", ...choices, "  esac",
    "  _describe 'sage' items",
    `  case "$path_words" in ${files}) [[ \${words[CURRENT]} == -* ]] || _files ;; esac`,
    "}",
    "if [ \"$funcstack[1]\" = _sage ]; then _sage \"$@\"; else compdef _sage sage; fi",
  ];
}

function fishScript(table: readonly Following[]): string[] {
  const lines = [
    "function __sage_at",
    "  set -l path",
    "  for word in (commandline -opc)[2..-1]",
    `    if contains -- (string join ' ' $path $word) ${table.filter(({ path }) => path !== "").map(({ path }) => quoted(path)).join(" ")}`,
    "      set path $path $word",
    "    end",
    "  end",
    "  test (string join ' ' $path) = \"$argv\"",
    "end",
    "complete -c sage -f",
  ];
  for (const { path, words, options, wantsFile } of table) {
    const when = `-n ${quoted(`__sage_at ${path === "" ? "''" : path}`)}`;
    for (const { word, help } of words) lines.push(`complete -c sage ${when} -a ${quoted(word)} -d ${quoted(help)}`);
    for (const { flag, help, takesValue, choices } of options) {
      const values = choices.length > 0 ? ` -xa ${quoted(choices.join(" "))}` : takesValue ? " -r" : "";
      lines.push(`complete -c sage ${when} -l ${quoted(flag.slice(2))}${values} -d ${quoted(help)}`);
    }
    if (wantsFile) lines.push(`complete -c sage ${when} -F`);
  }
  return lines;
}
