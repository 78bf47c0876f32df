// Uses a Ray cluster:  node examples/ray-client/main.ts ray://127.0.0.1:10001   (a token in RAY_AUTH_TOKEN, if it has one)

import { useCluster } from "./use-cluster.ts";

const token = process.env["RAY_AUTH_TOKEN"];
await useCluster(process.argv[2] ?? "ray://127.0.0.1:10001", console.log, token === undefined ? {} : { token });
