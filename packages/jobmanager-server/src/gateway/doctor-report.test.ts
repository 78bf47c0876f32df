import { expect, test } from "vitest";
import { parseDoctorReport } from "./doctor-report.ts";

test("the doctor's findings are taken one by one; what is none is left out", () => {
  const findings = [{ host: "h1", check: "ssh", state: "failed", what: "no answer", fix: "try" }, { host: "h1", check: "disk", state: "ok", what: "fine" }, { host: 7 }, null, { host: "h", check: "c", state: "<b>", what: "w" }];
  expect(parseDoctorReport(JSON.stringify({ findings }), 0)).toEqual({
    at: "1970-01-01T00:00:00.000Z",
    findings: [{ host: "h1", check: "ssh", state: "failed", what: "no answer", fix: "try" }, { host: "h1", check: "disk", state: "ok", what: "fine", fix: "" }],
  });
  expect(parseDoctorReport("null", 0)).toBeNull();
  expect(parseDoctorReport('{"findings":{}}', 0)).toBeNull();
});
