// One of the two processes of `wire.ts`: makes bids and sends them, or receives, keys and counts them.

import { once } from "node:events";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { DataPlane, type InputChannel, type OutputChannel } from "../../packages/runtime/src/exchange/index.ts";

export interface WireResult {
  /** From the first byte to the end of input. */
  readonly ms: number;
  readonly sum: number;
}
export interface WireRun extends WireResult {
  readonly transport: string;
  readonly records: number;
}
export interface WireMessage extends WireResult {
  readonly address: string;
}
interface Setup {
  readonly transport: "sage" | "sage-unix" | "v8";
  readonly role: "send" | "receive";
  readonly records: number;
  readonly dir: string;
  readonly secretHex: string;
}
interface Bid { readonly auction: number; readonly bidder: number; readonly price: number; readonly ts: number }

const batchSize = 512;
const setup = JSON.parse(process.env["WIRE"] ?? "{}") as Setup;

function bid(i: number): Bid {
  const h = Math.imul(i, 0x9e3779b1) >>> 0;
  return { auction: h % 1000, bidder: (h >>> 10) % 5000, price: 100 + ((h >>> 7) % 10000), ts: Math.floor(i / 10) };
}

function* batches(): Generator<Bid[]> {
  for (let i = 0; i < setup.records; ) {
    const batch: Bid[] = [];
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
  }

  take(records: readonly Bid[]): void {
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
          if (Array.isArray(item)) count.take(item as Bid[]);
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

async function sendThroughV8(): Promise<void> {
  const port = Number(await peerAddress());
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  await once(socket, "connect");
  for (const batch of batches()) {
    const payload = serialize(batch);
    const frame = Buffer.allocUnsafe(4 + payload.length);
    frame.writeUInt32LE(payload.length, 0);
    payload.copy(frame, 4);
    if (!socket.write(frame)) await once(socket, "drain");
  }
  socket.end();
  await once(socket, "close");
}

async function receiveThroughV8(): Promise<void> {
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
        count.take(deserialize(bytes.subarray(at + 4, at + 4 + length)) as Bid[]);
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

const overSage = setup.transport !== "v8";
if (setup.role === "send") await (overSage ? sendThroughSage() : sendThroughV8());
else await (overSage ? receiveThroughSage() : receiveThroughV8());
process.disconnect();
