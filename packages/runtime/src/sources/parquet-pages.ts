// The pages of one column chunk, read from the file one at a time, so that memory holds a page and not a row group.

import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { ColumnMetaData, Compressors } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { compressors as portable } from "hyparquet-compressors";
import type { ParquetFile } from "./parquet-file.ts";
import { BadParquetError } from "./source-errors.ts";
import { readFully } from "./split-reader.ts";

export type PageHeader = ReturnType<typeof parquetHeader>;

export interface Page {
  readonly header: PageHeader;
  /** The page as it is in the file. */
  readonly bytes: Uint8Array;
}

/** What zlib can do natively is left to it. */
export const compressors: Compressors = {
  ...portable,
  GZIP: (input, outputLength) => gunzipSync(input, { maxOutputLength: outputLength }),
  BROTLI: (input, outputLength) => brotliDecompressSync(input, { maxOutputLength: outputLength }),
};

const windowBytes = 256 * 1024;
/** Rough bytes that one decoded value takes in memory. */
const valueBytes = 16;

export class PageReader {
  readonly #file: ParquetFile;
  readonly #maxPageBytes: number;
  readonly #endByte: number;
  #fromByte: number;
  #window = new Uint8Array(0);

  constructor(file: ParquetFile, chunk: ColumnMetaData, maxPageBytes: number) {
    this.#file = file;
    this.#maxPageBytes = maxPageBytes;
    const dictionaryByte = Number(chunk.dictionary_page_offset ?? 0); // some writers say 0 for none
    this.#fromByte = dictionaryByte > 0 ? dictionaryByte : Number(chunk.data_page_offset);
    this.#endByte = this.#fromByte + Number(chunk.total_compressed_size);
  }

  /** The next page, or null behind the last. Its bytes stay as they are for as long as they are held. */
  async next(): Promise<Page | null> {
    const header = await this.#readHeader();
    if (!header) return null;
    this.#check(header);
    await this.#need(header.compressed_page_size);
    return { header, bytes: this.#take(header.compressed_page_size) };
  }

  async #readHeader(): Promise<PageHeader | null> {
    for (let wanted = 1; ; wanted = this.#window.length * 2) {
      await this.#need(Math.min(wanted, this.#leftBytes()));
      if (this.#window.length === 0) return null;
      const { buffer, byteOffset, byteLength } = this.#window;
      const reader = { view: new DataView(buffer, byteOffset, byteLength), offset: 0 };
      try {
        const header = parquetHeader(reader);
        this.#take(reader.offset);
        return header;
      } catch (error) {
        // Either the window ends inside the header, or it is none.
        if (byteLength >= Math.min(this.#leftBytes(), windowBytes * 4)) throw error;
      }
    }
  }

  #check(header: PageHeader): void {
    const values = (header.data_page_header ?? header.data_page_header_v2 ?? header.dictionary_page_header)?.num_values ?? 0;
    const bytes = Math.max(header.compressed_page_size, header.uncompressed_page_size) + values * valueBytes;
    if (bytes <= this.#maxPageBytes && header.compressed_page_size >= 0 && values >= 0) return;
    throw new BadParquetError(this.#file.path, `a page needs about ${bytes} bytes of memory`, {
      hint: `The limit is ${this.#maxPageBytes}; raise parquet.maxPageBytes, or write the file with smaller pages.`,
    });
  }

  /** Bytes of the chunk that are not taken yet. */
  #leftBytes(): number {
    return this.#window.length + this.#endByte - this.#fromByte;
  }

  #take(length: number): Uint8Array {
    const bytes = this.#window.subarray(0, length);
    this.#window = this.#window.subarray(length);
    return bytes;
  }

  /** Makes the window hold at least `length` bytes: a new one, since pages handed out may look into the old. */
  async #need(length: number): Promise<void> {
    const held = this.#window;
    if (held.length >= length) return;
    if (length > this.#leftBytes()) throw new Error(`the column ends inside a page`);
    const bytes = new Uint8Array(Math.min(Math.max(length, windowBytes), this.#leftBytes()));
    bytes.set(held);
    const read = await readFully(this.#file.handle, bytes.subarray(held.length), this.#fromByte);
    if (read < bytes.length - held.length) throw new Error(`the file ends inside a column`);
    this.#fromByte += read;
    this.#window = bytes;
  }
}
