import { expect, test } from "vitest";
import { refusedEnvNames, workerEnv } from "./worker-env.ts";

test("a worker inherits what programs need and nothing else of the daemon", () => {
  const daemon = { PATH: "/bin", HOME: "/h", LC_ALL: "C", AWS_SECRET_ACCESS_KEY: "s", SAGE_TOKEN_FILE: "t", NODE_OPTIONS: "--x" };
  expect(workerEnv(daemon, { CITY: "Bern" })).toEqual({ PATH: "/bin", HOME: "/h", LC_ALL: "C", CITY: "Bern" });
});

test.each(["NODE_OPTIONS", "NODE_PATH", "LD_PRELOAD", "LD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES", "PATH", "BASH_ENV", "SAGE_HOME", "UV_THREADPOOL_SIZE", "a b", "", "X=Y", "__proto__"])(
  "a job may not set %j", (name) => {
    const env = Object.fromEntries([[name, "x"]]);
    expect(refusedEnvNames(env)).toEqual([name]);
    expect(workerEnv({}, env)).toEqual({});
  });

test("NODE_ENV is a job's own business; a value with NUL is not", () => {
  expect(refusedEnvNames({ NODE_ENV: "production", A: "b" })).toEqual([]);
  expect(refusedEnvNames({ A: "b\0c" })).toEqual(["A"]);
});
