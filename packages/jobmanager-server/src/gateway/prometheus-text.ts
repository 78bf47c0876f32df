// Prometheus' text format, version 0.0.4: families of samples, each family in one piece.

export type MetricKind = "counter" | "gauge";
export type Labels = Readonly<Record<string, string | number>>;

export class PrometheusText {
  readonly #families = new Map<string, string[]>();

  /** Names a family and says what it means; `unit` belongs in the name. */
  family(name: string, kind: MetricKind, help: string): (value: number, labels?: Labels) => void {
    const lines = [`# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`, `# TYPE ${name} ${kind}`];
    this.#families.set(name, lines);
    return (value, labels = {}) => { lines.push(`${name}${labelText(labels)} ${value}`); };
  }

  /** Families without samples are left out. */
  toString(): string {
    return [...this.#families.values()].filter((lines) => lines.length > 2).map((lines) => `${lines.join("\n")}\n`).join("");
  }
}

function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

const escaped = (value: string): string => value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
