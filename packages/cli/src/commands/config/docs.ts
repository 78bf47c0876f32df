import { command } from "../../command.ts";
import { UsageError } from "../../errors.ts";
import { escapeLines } from "../../escape.ts";

export const configDocs = command({
  path: "config docs",
  summary: "Explain every key: meaning, what is allowed, default, variable",
  reads: true,
  args: ["key?"],
  argHelp: { key: "only this key or section" },
  options: {
    dialect: { type: "string", value: "DIALECT", choices: ["sage", "nokube"], help: "default: sage" },
    markdown: { type: "boolean", help: "as Markdown" },
    schema: { type: "boolean", help: "the JSON Schema, for editors" },
  },
  async run({ args, options }) {
    const { configDocs, jsonSchemaText, keyDocs } = await import("@sage/config");
    const dialect = options.dialect ?? "sage";
    if (options.schema) return { text: jsonSchemaText(dialect), keys: keyDocs(dialect) };
    if (args.key === undefined) return { text: configDocs(dialect, options.markdown ? "markdown" : "plain"), keys: keyDocs(dialect) };
    const keys = keyDocs(dialect).filter(({ key }) => key === args.key || key.startsWith(`${args.key}.`));
    if (keys.length === 0) throw new UsageError(`"${args.key}" is not a key`, "`sage config docs` explains them all.");
    return { text: keys.map(docText).join("\n"), keys };
  },
  print: ({ text }, io) => io.rawLines(escapeLines(text.trimEnd())),
  names: ({ keys }) => keys.map(({ key }) => key),
  toJson: ({ keys }) => ({ keys }),
});

function docText(doc: { readonly key: string; readonly description: string; readonly isSection: boolean; readonly allowed: string; readonly default?: unknown; readonly variable?: string }): string {
  if (doc.isSection) return `${doc.key}: ${doc.description}`;
  const more = [`allowed: ${doc.allowed}`, ...(doc.default === undefined ? [] : [`default: ${JSON.stringify(doc.default)}`]), ...(doc.variable === undefined ? [] : [`variable: ${doc.variable}`])];
  return [`${doc.key}: ${doc.description}`, ...more.map((line) => `    ${line}`)].join("\n");
}
