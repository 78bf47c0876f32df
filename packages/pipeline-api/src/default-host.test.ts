import { expect, test } from "vitest";
import type { Target } from "@sage/graph";
import { resolveTarget } from "./default-host.ts";

const configured: Target = { kind: "configured" };
const local: Target = { kind: "local", workers: "processes" };
const remote: Target = { kind: "remote", host: "head", port: 5 };

test.each<[string, Target, Parameters<typeof resolveTarget>[1], NodeJS.ProcessEnv, Target]>([
  ["environment() alone is local", configured, {}, {}, { kind: "local" }],
  ["environment() follows SAGE_TARGET", configured, {}, { SAGE_TARGET: "remote" }, { kind: "remote" }],
  ["the flag goes before SAGE_TARGET", configured, { target: "local" }, { SAGE_TARGET: "remote" }, { kind: "local" }],
  ["a LocalEnvironment does not follow SAGE_TARGET", local, {}, { SAGE_TARGET: "remote" }, local],
  ["a LocalEnvironment follows the flag", local, { target: "remote", remote: { port: 7 } }, {}, { kind: "remote", port: 7 }],
  ["a RemoteEnvironment stays where it says", remote, {}, {}, remote],
  ["a RemoteEnvironment follows the flag", remote, { target: "local" }, {}, { kind: "local" }],
  ["--port goes before the program's own", remote, { remote: { port: 7 } }, {}, { kind: "remote", host: "head", port: 7 }],
])("%s", (_what, target, settings, env, expected) => {
  expect(resolveTarget(target, settings, env)).toEqual(expected);
});
