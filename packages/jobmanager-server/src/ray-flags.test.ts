import { expect, test } from "vitest";
import { rayDashboard } from "./ray-flags.ts";

const env = { RAY_AUTH_TOKEN: "s3" };
const place = "RAY_AUTH_TOKEN in the daemon's environment";

test("Ray's dashboard is the one that is named; with an address alone only the token for it is known", async () => {
  expect(await rayDashboard({ "ray-dashboard": "http://h:8265" }, env)).toMatchObject({ url: "http://h:8265", tokenPlace: place });
  expect(await rayDashboard({ "ray-address": "ray://h:10001" }, { ...env, SAGE_RAY_DASHBOARD: "http://o:8265" })).toMatchObject({ url: "http://o:8265" });
  const told = await rayDashboard({ "ray-address": "ray://h:10001" }, env);
  expect([told.url, told.tokenPlace, told.token?.reveal()]).toEqual([undefined, place, "s3"]);
});

test("a daemon without Ray does not look for Ray's token, which may not be there", async () => {
  const gone = { RAY_AUTH_TOKEN_PATH: "/nowhere/token" };
  expect(await rayDashboard({}, gone)).toEqual({});
  await expect(rayDashboard({ "ray-address": "ray://h:10001" }, gone)).rejects.toThrow("/nowhere/token");
});
