// Starts the service:  PORT=8080 SAGE_DAEMON_PORT=19001 node examples/http-service/main.ts

import { startService } from "./service.ts";

const host = process.env["SAGE_DAEMON_HOST"] ?? "127.0.0.1";
const port = Number(process.env["SAGE_DAEMON_PORT"] ?? 19_001);
const service = await startService(Number(process.env["PORT"] ?? 8_080), { host, port });
console.log(`listening on http://127.0.0.1:${service.port}`);
