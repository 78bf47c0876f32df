import { parsePlainText } from "./testing/prometheus.ts";
import { gatewayVersion, type GatewayServerMessage } from "@sage/protocol/json";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { request, type IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { bundled, makeTempDir, planOf, startTestDaemon, type TestDaemon } from "../testing/test-daemon.ts";

let dir: Awaited<ReturnType<typeof makeTempDir>>;
let worker = "";
let pageDir = "";
beforeAll(async () => {
  dir = await makeTempDir();
  worker = await bundled("./scripted-worker.ts", join(dir.path, "worker.mjs"));
  pageDir = join(dir.path, "pages");
  await mkdir(join(pageDir, "assets"), { recursive: true });
  await writeFile(join(pageDir, "index.html"), "<!doctype html><title>Sage</title>");
  await writeFile(join(pageDir, "assets", "a-1234.js"), "export {}");
});
afterAll(() => dir[Symbol.asyncDispose]());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  json<T = Record<string, unknown>>(): T;
}

class Door {
  readonly test: TestDaemon;
  readonly port: number;
  readonly key: string;
  constructor(test: TestDaemon, port: number, key: string) {
    this.test = test;
    this.port = port;
    this.key = key;
  }

  ask(path: string, { method = "GET", headers = {}, body = "" }: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: this.port, path, method, headers: { ...headers } }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (part: string) => { text += part; }).on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json: <T>() => JSON.parse(text) as T }));
      });
      asked.on("error", reject).end(body);
    });
  }

  /** As a program with the key. */
  program(path: string, more: { method?: string; body?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
    return this.ask(path, { ...more, headers: { authorization: `Bearer ${this.key}`, "content-type": "application/json", ...more.headers } });
  }

  async cookie(): Promise<string> {
    const { ticket } = (await this.program("/api/v1/tickets", { method: "POST" })).json<{ ticket: string }>();
    const opened = await this.ask(`/open?ticket=${ticket}`);
    if (opened.status !== 303 || opened.headers.location !== "/") throw new Error(`the link led to ${opened.status} ${opened.headers.location}`);
    return opened.headers["set-cookie"]![0]!.split(";")[0]!;
  }

  page(headers: Record<string, string>): WebSocket {
    return new WebSocket(`ws://127.0.0.1:${this.port}/api/v1/ws`, { headers });
  }
}

async function withDoor(run: (door: Door) => Promise<void>): Promise<void> {
  await using daemon = await startTestDaemon(worker, { http: { port: 0, pageDir } });
  const keyPath = join(daemon.home, "run", "dashboard-key");
  expect((await stat(keyPath)).mode & 0o777).toBe(0o600);
  await run(new Door(daemon, daemon.daemon.httpPort!, (await readFile(keyPath, "utf8")).trim()));
}

/** A page that keeps what it is told; `next` waits for a message that fits. */
class Page implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly messages: GatewayServerMessage[] = [];
  #taken = 0;
  #wake = () => {};
  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString()) as GatewayServerMessage);
      this.#wake();
    });
  }
  send(message: unknown): void {
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }
  /** The next message that fits, acknowledged if it is data. */
  async next<T extends GatewayServerMessage>(fits: (message: GatewayServerMessage) => message is T, acknowledge = true): Promise<T> {
    for (;;) {
      for (; this.#taken < this.messages.length; ) {
        const message = this.messages[this.#taken++]!;
        if (message.type === "data" && acknowledge) this.send({ type: "ack", id: message.id });
        if (fits(message)) return message;
      }
      await new Promise<void>((resolve) => { this.#wake = resolve; });
    }
  }
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    this.#socket.close();
    await once(this.#socket, "close");
  }
}

async function openPage(door: Door): Promise<Page> {
  const socket = door.page({ authorization: `Bearer ${door.key}` });
  const page = new Page(socket);
  await once(socket, "open");
  return page;
}

type Data<T extends string> = Extract<GatewayServerMessage, { readonly type: "data"; readonly topic: T }>;
const dataOf = <T extends "jobs" | "job" | "logs" | "server">(topic: T, fits: (message: Data<T>) => boolean = () => true) =>
  (message: GatewayServerMessage): message is Data<T> => message.type === "data" && message.topic === topic && fits(message as Data<T>);

test("pages and health are open, everything else wants a session, and every answer is safe to open", () => withDoor(async (door) => {
  const root = await door.ask("/");
  expect([root.status, root.text]).toEqual([200, "<!doctype html><title>Sage</title>"]);
  expect((await door.ask("/healthz")).json()).toEqual({ status: "ok" });
  expect((await door.ask("/assets/a-1234.js")).headers["cache-control"]).toContain("immutable");
  for (const path of ["/api/v1/jobs", "/api/v1/server", "/metrics", "/api/v1/nothing"]) expect((await door.ask(path)).status).toBe(401);
  expect((await door.ask("/../package.json")).status).toBe(404);
  for (const answer of [root, await door.ask("/metrics"), await door.ask("/nothing"), await door.program("/api/v1/jobs")]) {
    expect(answer.headers).toMatchObject({ "x-content-type-options": "nosniff", "x-frame-options": "DENY" });
    expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
  }
}));

test("a link opens one session; the cookie reads, but changes nothing from elsewhere", () => withDoor(async (door) => {
  const cookie = await door.cookie();
  const own = `http://127.0.0.1:${door.port}`;
  expect((await door.ask("/api/v1/jobs", { headers: { cookie } })).json()).toEqual({ jobs: [] });
  const act = (headers: Record<string, string>) => door.ask("/api/v1/actions", { method: "POST", headers: { cookie, "content-type": "application/json", ...headers }, body: '{"action":"stop","jobIds":[]}' });
  expect((await act({ origin: own })).json()).toEqual({ outcomes: [] });
  expect((await act({ origin: "http://evil.example" })).status).toBe(401);
  expect((await act({})).status).toBe(401);
  expect((await act({ origin: own, "content-type": "text/plain" })).status).toBe(400);
  expect((await door.ask("/api/v1/tickets", { method: "POST", headers: { cookie, origin: own } })).status).toBe(403);
  expect((await door.ask("/open?ticket=made-up")).headers.location).toBe("/#/link-used");
}));

test("a foreign Host reaches nothing, and a foreign page gets no websocket", () => withDoor(async (door) => {
  const cookie = await door.cookie();
  for (const path of ["/", "/healthz", "/api/v1/jobs"]) expect((await door.ask(path, { headers: { host: "evil.example", cookie } })).status).toBe(403);
  const refused = async (headers: Record<string, string>) => {
    const socket = door.page(headers);
    socket.on("error", () => {});
    const [, answer] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
    socket.terminate();
    return answer.statusCode;
  };
  expect(await refused({})).toBe(401);
  expect(await refused({ cookie })).toBe(401);
  expect(await refused({ cookie, origin: "http://evil.example" })).toBe(401);
  expect(await refused({ host: "evil.example", cookie, origin: "http://evil.example" })).toBe(403);
}));

test("jobs are listed as the command line lists them, one comes with its plan, and an unknown one is not found", () => withDoor(async (door) => {
  const { jobId } = await door.test.submit("complete", planOf(), { name: "<b>\u202ename", labels: { team: "ops" } });
  const { jobs } = (await door.program("/api/v1/jobs")).json<{ jobs: { jobId: string; name: string; submittedAt: string; records: number }[] }>();
  expect(jobs).toMatchObject([{ jobId, name: "<b>\u202ename", number: 1, labels: { team: "ops" }, submittedAt: expect.stringMatching(/Z$/) }]);
  expect((await door.program(`/api/v1/jobs/${jobId}`)).json()).toMatchObject({ jobId, plan: { fingerprint: "the plan" } });
  expect((await door.program("/api/v1/jobs/00000000-0000-7000-8000-000000000000")).json()).toMatchObject({ error: { code: "SAGE_JOB_NOT_FOUND" } });
  expect((await door.program(`/api/v1/jobs/${jobId}/secrets`)).status).toBe(404);
}));

test("actions act on each job by itself and say what came of it", () => withDoor(async (door) => {
  const { jobId } = await door.test.submit("hang");
  const unknown = "00000000-0000-7000-8000-000000000000";
  const post = async (body: unknown) => (await door.program("/api/v1/actions", { method: "POST", body: JSON.stringify(body) })).json();
  expect(await post({ action: "stop", jobIds: [jobId, unknown] })).toMatchObject({
    outcomes: [{ jobId, ok: true, job: { status: "stopped" } }, { jobId: unknown, ok: false, error: { code: "SAGE_JOB_NOT_FOUND" } }],
  });
  expect(await post({ action: "delete", jobIds: [jobId] })).toMatchObject({ outcomes: [{ ok: true, job: { status: "deleted" } }] });
  expect(await post({ action: "rescale", jobIds: [jobId] })).toMatchObject({ outcomes: [{ ok: false, error: { code: "SAGE_REQUEST_INVALID" } }] });
  expect(await post({ action: "rescale", jobIds: [jobId], parallelism: 1.5 })).toMatchObject({ error: { code: "SAGE_REQUEST_INVALID" } });
  expect(await post({ action: "explode", jobIds: [] })).toMatchObject({ error: { code: "SAGE_REQUEST_INVALID" } });
  expect(await post({ action: "stop", jobIds: "all" })).toMatchObject({ error: { code: "SAGE_REQUEST_INVALID" } });
  expect((await door.program("/api/v1/actions", { method: "POST", body: "{" })).status).toBe(400);
}));

test("a page sees jobs come, change and go, and one job to its end", () => withDoor(async (door) => {
  await using page = await openPage(door);
  expect(await page.next((message): message is Extract<GatewayServerMessage, { type: "hello" }> => message.type === "hello")).toMatchObject({ version: gatewayVersion, server: { actions: ["stop", "stop-now", "continue", "rescale", "savepoint", "delete"] } });
  page.send({ type: "subscribe", id: 1, topic: "jobs" });
  expect(await page.next(dataOf("jobs"))).toMatchObject({ whole: true, jobs: [], removed: [] });
  const { jobId } = await door.test.submit("hang");
  const [row] = (await page.next(dataOf("jobs", ({ jobs }) => jobs.some(({ status }) => status === "running")))).jobs;
  expect(row).toMatchObject({ jobId, status: "running" });
  expect(row).not.toHaveProperty("operators");
  page.send({ type: "subscribe", id: 2, topic: "job", jobId });
  expect(await page.next(dataOf("job"))).toMatchObject({ id: 2, job: { jobId, plan: { fingerprint: "the plan" } }, samples: expect.any(Array) });
  await door.program("/api/v1/actions", { method: "POST", body: JSON.stringify({ action: "delete", jobIds: [jobId] }) });
  expect((await page.next(dataOf("jobs", ({ removed }) => removed.length > 0))).removed).toEqual([jobId]);
}));

test("a page that does not acknowledge is sent nothing more, then the newest", () => withDoor(async (door) => {
  await using page = await openPage(door);
  await using other = await openPage(door);
  for (const each of [page, other]) each.send({ type: "subscribe", id: 1, topic: "jobs" });
  await page.next(dataOf("jobs"), false);
  await other.next(dataOf("jobs"));
  for (let i = 0; i < 3; i++) {
    const { jobId } = await door.test.submit("complete", planOf({ parallelism: 1 }));
    await other.next(dataOf("jobs", ({ jobs }) => jobs.some((job) => job.jobId === jobId && job.status === "completed" && job.resourcesReleased)));
  }
  expect(page.messages.filter(dataOf("jobs"))).toHaveLength(1);
  page.send({ type: "ack", id: 1 });
  const { jobs } = await page.next(dataOf("jobs"), false);
  expect(jobs.map(({ status }) => status)).toEqual(["completed", "completed", "completed"]);
}));

test("a log is followed by level and operator, goes on behind a line, and ends with its job", () => withDoor(async (door) => {
  const { jobId } = await door.test.submit("complete", planOf({ parallelism: 1 }));
  await using page = await openPage(door);
  page.send({ type: "subscribe", id: 7, topic: "logs", jobId });
  const seen: { seq: number; text: string }[] = [];
  for (;;) {
    const message = await page.next((each): each is GatewayServerMessage => each.type !== "hello");
    if (message.type === "end") break;
    if (dataOf("logs")(message)) seen.push(...message.lines);
  }
  expect(seen.map(({ text }) => text)).toContain("done");
  page.send({ type: "subscribe", id: 8, topic: "logs", jobId, operator: "op", afterSeq: seen.find(({ text }) => text.startsWith("started"))!.seq });
  expect((await page.next(dataOf("logs"))).lines.map(({ text }) => text)).toEqual(["done"]);
  const lines = (await door.program(`/api/v1/jobs/${jobId}/logs?operator=op`)).text.trim().split("\n").map((line) => (JSON.parse(line) as { text: string }).text);
  expect(lines.at(-1)).toBe("done");
}));

test("nonsense is answered, and the connection lives on", () => withDoor(async (door) => {
  await using page = await openPage(door);
  const isError = (message: GatewayServerMessage): message is Extract<GatewayServerMessage, { type: "error" }> => message.type === "error";
  page.send("{");
  expect((await page.next(isError)).error.code).toBe("SAGE_REQUEST_INVALID");
  page.send({ type: "subscribe", id: 4, topic: "job", jobId: "../../etc/passwd" });
  expect(await page.next(isError)).toMatchObject({ id: 4, error: { code: "SAGE_JOB_NOT_FOUND" } });
  for (let id = 10; id < 80; id++) page.send({ type: "subscribe", id, topic: "server" });
  expect((await page.next(isError)).error.message).toContain("at most 64");
}));

test("metrics are what Prometheus reads, with the figures of jobs and operators", () => withDoor(async (door) => {
  const name = 'quote" backslash\\ line\nend';
  await door.test.submit("hang", planOf(), { name });
  await using page = await openPage(door);
  page.send({ type: "subscribe", id: 1, topic: "jobs" });
  await page.next(dataOf("jobs", ({ jobs }) => jobs.some(({ records }) => records > 0)));
  const answer = await door.program("/metrics");
  expect(answer.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  const families = parsePlainText(answer.text);
  expect(families.get("sage_jobs")?.find(({ labels }) => labels["phase"] === "running")?.value).toBe(1);
  expect(families.get("sage_job_running")).toMatchObject([{ labels: { job: name }, value: 1 }]);
  expect(families.get("sage_operator_records_out_total")?.filter(({ labels }) => labels["node_id"] === "source").map(({ labels, value }) => [labels["index"], value])).toEqual([["0", 5], ["1", 5]]);
  expect(families.get("sage_dashboard_connections")).toMatchObject([{ value: 1 }]);
  expect(families.get("sage_service_calls_total")).toHaveLength(2);
  const documented = await readFile(new URL("./README.md", import.meta.url), "utf8");
  for (const family of families.keys()) expect(documented).toContain(`\`${family}\``);
}));

test("a daemon that ends lets its pages go", async () => {
  const daemon = await startTestDaemon(worker, { http: { port: 0 } });
  const door = new Door(daemon, daemon.daemon.httpPort!, (await readFile(join(daemon.home, "run", "dashboard-key"), "utf8")).trim());
  const socket = door.page({ authorization: `Bearer ${door.key}` });
  await once(socket, "open");
  const closed = once(socket, "close");
  await daemon[Symbol.asyncDispose]();
  await closed;
});
