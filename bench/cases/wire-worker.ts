// One of the two processes of `wire.ts`: makes bids and sends them, or receives, keys and counts them.

import { once } from "node:events";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { Packr } from "msgpackr";
import { order, ordersPeriod } from "./orders.ts";
import { DataPlane, type InputChannel, type OutputChannel } from "../../packages/runtime/src/exchange/index.ts";

export interface WireResult {
  /** From the first byte to the end of input. */
  readonly ms: number;
  readonly sum: number;
}
export interface WireRun extends WireResult {
  /** Processor time of the side that took more, in milliseconds: what a quiet machine would take, about. */
  readonly busierMs: number;
  readonly transport: string;
  readonly records: number;
}
export interface WireMessage extends WireResult {
  readonly address: string;
  /** Of one side, from its first batch to its end. */
  readonly cpuMs: number;
}
interface Setup {
  readonly transport: "sage" | "sage-unix" | "v8" | "msgpackr";
  readonly shape: "bids" | "orders";
  readonly role: "send" | "receive";
  readonly records: number;
  readonly dir: string;
  readonly secretHex: string;
}
interface Keyed { readonly auction: number }

const batchSize = 512;
const setup = JSON.parse(process.env["WIRE"] ?? "{}") as Setup;

function bid(i: number) {
  const h = Math.imul(i, 0x9e3779b1) >>> 0;
  return { auction: h % 1000, bidder: (h >>> 10) % 5000, price: 100 + ((h >>> 7) % 10000), ts: Math.floor(i / 10) };
}

/** Orders keyed like bids. They are made once and sent again and again: making one takes longer than sending it. */
function orderBatches(): Keyed[][] {
  return Array.from({ length: ordersPeriod / batchSize }, (_, batch) =>
    Array.from({ length: batchSize }, (_each, k) => ({ ...order(batch * batchSize + k), auction: (Math.imul(batch * batchSize + k, 0x9e3779b1) >>> 0) % 1000 })));
}

function* batches(): Generator<Keyed[]> {
  if (setup.shape === "orders") {
    const made = orderBatches();
    cpuAtStart = process.cpuUsage();
    for (let sent = 0, next = 0; sent < setup.records; sent += batchSize) yield made[next++ % made.length]!;
    return;
  }
  cpuAtStart = process.cpuUsage();
  for (let i = 0; i < setup.records; ) {
    const batch: Keyed[] = [];
    for (let k = 0; k < batchSize && i < setup.records; k++) batch.push(bid(i++));
    yield batch;
  }
}

/** Keys and counts; the sum of all running counts shows that nothing was lost, doubled or moved to another key. */
class KeyedCount {
  readonly #counts = new Map<number, number>();
  #startMs = 0;
  #sum = 0;

  start(): void {
    this.#startMs ||= performance.now();
    cpuAtStart ??= process.cpuUsage();
  }

  take(records: readonly Keyed[]): void {
    for (const { auction } of records) {
      const next = (this.#counts.get(auction) ?? 0) + 1;
      this.#counts.set(auction, next);
      this.#sum += next;
    }
  }

  finish(): WireResult {
    return { ms: performance.now() - this.#startMs, sum: this.#sum };
  }
}

let cpuAtStart: NodeJS.CpuUsage | undefined;
const tellCpu = () => {
  const { user, system } = process.cpuUsage(cpuAtStart);
  return tell({ cpuMs: (user + system) / 1_000 });
};

const tell = (message: object) => new Promise<void>((resolve) => void process.send!(message, () => resolve()));
const peerAddress = async (): Promise<string> => ((await once(process, "message")) as [{ address: string }])[0].address;

const openPlane = (workerIndex: number) => DataPlane.open({
  jobId: "bench", attempt: 1, workerIndex, secret: Buffer.from(setup.secretHex, "hex"),
  listen: setup.transport === "sage-unix" ? { kind: "unix", dir: join(setup.dir, "s") } : { kind: "tcp", host: "127.0.0.1" },
});

async function sendThroughSage(): Promise<void> {
  await using plane = await openPlane(0);
  await plane.connect([{ workerIndex: 1, address: await peerAddress() }]);
  const output: OutputChannel = plane.output(1, 1);
  for (const batch of batches()) {
    const room = output.send(batch);
    if (room !== undefined) await room;
  }
  output.end();
  await plane.drained();
}

async function receiveThroughSage(): Promise<void> {
  await using plane = await openPlane(1);
  const input = plane.input(1, { from: 0 });
  await tell({ address: plane.address });
  await tell(await countAll(input));
}

function countAll(input: InputChannel): Promise<WireResult> {
  const count = new KeyedCount();
  return new Promise((resolve, reject) => {
    let scheduled = false;
    const run = () => {
      scheduled = false;
      try {
        for (let item = input.poll(); item !== undefined; item = input.poll()) {
          if (Array.isArray(item)) count.take(item as Keyed[]);
          else if (item.kind === "end") resolve(count.finish());
        }
      } catch (error) {
        reject(error as Error);
      }
    };
    input.onReadable = () => {
      count.start();
      if (!scheduled) setImmediate(run);
      scheduled = true;
    };
  });
}

async function sendFrames(pack: (records: unknown) => Buffer): Promise<void> {
  const port = Number(await peerAddress());
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  await once(socket, "connect");
  for (const batch of batches()) {
    const payload = pack(batch);
    const frame = Buffer.allocUnsafe(4 + payload.length);
    frame.writeUInt32LE(payload.length, 0);
    payload.copy(frame, 4);
    if (!socket.write(frame)) await once(socket, "drain");
  }
  socket.end();
  await once(socket, "close");
}

async function receiveFrames(unpack: (bytes: Buffer) => unknown): Promise<void> {
  const count = new KeyedCount();
  let rest: Buffer | undefined;
  const server = createServer((socket) => {
    socket.on("data", (chunk) => {
      count.start();
      const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      for (; bytes.length - at >= 4; ) {
        const length = bytes.readUInt32LE(at);
        if (bytes.length - at - 4 < length) break;
        count.take(unpack(bytes.subarray(at + 4, at + 4 + length)) as Keyed[]);
        at += 4 + length;
      }
      rest = at < bytes.length ? bytes.subarray(at) : undefined;
    });
    socket.on("end", () => void tell(count.finish()).then(() => server.close()));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  await tell({ address: String((server.address() as { port: number }).port) });
  await once(server, "close");
}

const packr = new Packr({ structuredClone: true, moreTypes: true });
const codec = setup.transport === "v8" ? { pack: serialize, unpack: deserialize } : { pack: (value: unknown) => packr.pack(value), unpack: (bytes: Buffer) => packr.unpack(bytes) as unknown };
const overSage = setup.transport === "sage" || setup.transport === "sage-unix";
if (setup.role === "send") await (overSage ? sendThroughSage() : sendFrames(codec.pack));
else await (overSage ? receiveThroughSage() : receiveFrames(codec.unpack));
await tellCpu();
process.disconnect();
