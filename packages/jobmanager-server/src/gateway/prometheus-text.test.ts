import parse from "parse-prometheus-text-format";
import { expect, test } from "vitest";
import { PrometheusText } from "./prometheus-text.ts";

test("names from outside stay inside their quotes, as Prometheus' own rules have it", () => {
  const text = new PrometheusText();
  const hostile = 'a"} 1\nfake_metric{x="\\';
  text.family("sage_things", "gauge", "Things, in \\ two\nlines.")(7, { job: hostile });
  expect(parse(text.toString())).toEqual([{ name: "sage_things", help: "Things, in \\ two\nlines.", type: "GAUGE", metrics: [{ value: "7", labels: { job: hostile } }] }]);
});

test("a family without samples is left out", () => {
  const text = new PrometheusText();
  text.family("sage_nothing", "counter", "Nothing.");
  expect(text.toString()).toBe("");
});
