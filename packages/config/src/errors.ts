// What is wrong with a configuration: every finding at once, each with its place, what was found and what is allowed.
import { SageError } from "@sage/core";
import { printable } from "./show-value.ts";

export interface ConfigFinding {
  /** The file; or, for a value from elsewhere, the variable ("SAGE_DAEMON_PORT") or the flag ("--daemon.port"). */
  readonly path: string;
  /** 1-based; only for files. */
  readonly line?: number;
  /** 1-based; only for files. */
  readonly column?: number;
  /** The dotted key; "" for the file as a whole. */
  readonly key: string;
  readonly message: string;
  /** What to do, or "did you mean …". */
  readonly hint?: string;
}

/** `config.yaml:14:5 head.head_prot: is not a known key; did you mean "head_port"?`, on one line. */
export function formatFinding(finding: ConfigFinding): string {
  const place = [finding.path, finding.line, finding.column].filter((part) => part !== undefined).join(":");
  const key = finding.key === "" ? "" : ` ${finding.key}`;
  const hint = finding.hint === undefined ? "" : `; ${finding.hint}`;
  return printable(`${place}${key}: ${finding.message}${hint}`, 2000);
}

const shownFindings = 50;

/** The configuration cannot be used. `findings` holds every reason, in the order of the file. */
export class ConfigError extends SageError {
  readonly findings: readonly ConfigFinding[];

  constructor(findings: readonly ConfigFinding[]) {
    const lines = findings.slice(0, shownFindings).map(formatFinding);
    if (findings.length > shownFindings) lines.push(`… and ${findings.length - shownFindings} more`);
    const text = findings.length === 1 ? lines.join("") : `the configuration has ${findings.length} problems\n  ${lines.join("\n  ")}`;
    super(text, { code: "SAGE_CONFIG", fault: "user", hint: "`sage config docs` explains every key." });
    this.findings = findings;
  }
}
