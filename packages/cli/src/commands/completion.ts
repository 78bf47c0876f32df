import { command, type AnyCommand } from "../command.ts";
import type { CommandSet } from "../parser.ts";

/** @param set - asked when the command runs: this command is part of it. */
export const completionCommand = (set: () => CommandSet): AnyCommand =>
  command({
    path: "completion",
    summary: "Print a completion script for your shell",
    args: ["shell"],
    argHelp: { shell: "bash, zsh or fish" },
    examples: ['eval "$(sage completion bash)"          # in ~/.bashrc', "sage completion zsh > ~/.zfunc/_sage", "sage completion fish > ~/.config/fish/completions/sage.fish"],
    async run({ args }) {
      const { completionScript } = await import("../completion-script.ts");
      return { shell: args.shell, script: completionScript(args.shell, set()) };
    },
    print: ({ script }, io) => io.rawLines(script),
  });
