import { execFileSync, spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { commandSet } from "./command-table.ts";
import { completionScript } from "./completion-script.ts";

const bash = completionScript("bash", commandSet).join("\n");

/** What bash proposes behind these words; the last one is being typed. */
function proposed(...words: string[]): string[] {
  const script = `${bash}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _sage; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim().split("\n");
}

test("bash completes groups, commands, options and the values of options", () => {
  expect(proposed("sage", "jo")).toEqual(["jobmanager", "job"]);
  expect(proposed("sage", "job", "st")).toEqual(["status", "stop"]);
  expect(proposed("sage", "job", "list", "--st")).toEqual(["--status"]);
  expect(proposed("sage", "job", "list", "--status", "comp")).toEqual(["completed"]);
  expect(proposed("sage", "job", "list", "-o", "")).toContain("--status");
  expect(proposed("sage", "run", "/etc/host")).toContain("/etc/hosts");
});

test("the scripts of all three shells name every command, and bash can read its own", () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const script = completionScript(shell, commandSet).join("\n");
    for (const { path, hidden } of commandSet.commands) if (!hidden) expect(script).toContain(path.split(" ").pop());
  }
  expect(spawnSync("bash", ["-n"], { input: bash }).status).toBe(0);
});
