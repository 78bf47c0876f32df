// Keeps ledgers of programs/ledger.ts that run on hosts without a common disk. A transaction is PUT, and counts from the
// first POST to it on; a second one changes nothing.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Written } from "./ledger-shapes.ts";

export class LedgerServer implements AsyncDisposable {
  readonly #server = createServer((request, response) => {
    const answer = (status: number, body: string) => void response.writeHead(status).end(body);
    this.#handle(request.method ?? "", request.url ?? "", () => text(request)).then((body) => answer(200, body), (error: unknown) => answer(409, String(error)));
  });
  readonly #prepared = new Map<string, readonly string[]>();
  readonly #committed = new Map<string, readonly string[]>();
  readonly #hurried = new Set<string>();
  #origin = "";

  /** @param host - the address that the hosts know. */
  static async open(host: string): Promise<LedgerServer> {
    const ledgers = new LedgerServer();
    ledgers.#server.listen(0, host);
    await once(ledgers.#server, "listening");
    ledgers.#origin = `http://${host}:${(ledgers.#server.address() as AddressInfo).port}`;
    return ledgers;
  }

  /** The `out` of a program. */
  urlOf(ledger: string): string {
    return `${this.#origin}/${ledger}`;
  }

  /** Lets the slow sources of a ledger finish. */
  hurry(ledger: string): void {
    this.#hurried.add(ledger);
  }

  written(ledger: string, folder: string): Written {
    const below = (path: string) => path.startsWith(`/${ledger}/${folder}/`);
    return { rows: [...this.#committed].flatMap(([path, rows]) => (below(path) ? rows : [])), hidden: [] };
  }

  async #handle(method: string, path: string, body: () => Promise<string>): Promise<string> {
    if (method === "GET") return this.#hurried.has(path.split("/")[1]!) ? "yes" : "no";
    if (method === "PUT") {
      if (this.#prepared.has(path) || this.#committed.has(path)) throw new Error("it is there already");
      this.#prepared.set(path, (await body()).split("\n"));
      return "prepared";
    }
    const rows = this.#prepared.get(path);
    if (rows !== undefined) this.#committed.set(path, rows);
    this.#prepared.delete(path);
    if (!this.#committed.has(path)) throw new Error("nobody has prepared it");
    return "committed";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
