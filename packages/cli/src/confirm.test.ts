import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { confirm } from "./confirm.ts";
import { TextSink } from "./testing/capture.ts";

function asked(typed: string, { isTTY = true, yes = false, onlyOnTerminal = false } = {}): { readonly answer: Promise<void>; readonly stderr: TextSink } {
  const stdin: PassThrough & { isTTY?: boolean } = new PassThrough();
  stdin.isTTY = isTTY;
  if (typed !== "") stdin.write(typed);
  const stderr = new TextSink();
  return { answer: confirm("Delete it?", { yes, stdin, stderr, stderrIsTerminal: isTTY, signal: AbortSignal.timeout(5_000), onlyOnTerminal }), stderr };
}

test("y and yes go on; everything else, an empty answer too, is a no", async () => {
  for (const typed of ["y\n", "YES\n", " y \n"]) await expect(asked(typed).answer).resolves.toBeUndefined();
  for (const typed of ["n\n", "\n", "yessir\n"]) await expect(asked(typed).answer).rejects.toMatchObject({ code: "SAGE_DECLINED" });
});

test("the question goes to stderr; --yes asks nothing", async () => {
  const { answer, stderr } = asked("y\n");
  await answer;
  expect(stderr.text).toContain("Delete it? [y/N] ");
  const silent = asked("", { yes: true });
  await silent.answer;
  expect(silent.stderr.text).toBe("");
});

test("what an option has said already is asked on a terminal alone", async () => {
  const onlyOnTerminal = true;
  await expect(asked("", { isTTY: false, onlyOnTerminal }).answer).resolves.toBeUndefined();
  await expect(asked("n\n", { onlyOnTerminal }).answer).rejects.toMatchObject({ code: "SAGE_DECLINED" });
});

test("without a terminal it is a mistake of the command line, never a guess", async () => {
  await expect(asked("y\n", { isTTY: false }).answer).rejects.toMatchObject({ code: "SAGE_USAGE", hint: expect.stringContaining("--yes") });
});
