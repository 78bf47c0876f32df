/** What has crossed this worker's connections since it opened; bytes with their frames. */
export interface ExchangeCounters {
  bytesIn: number;
  bytesOut: number;
  recordsIn: number;
  recordsOut: number;
  batchesIn: number;
  batchesOut: number;
  /** Connections that were dropped before they proved to be a peer. */
  refusedConnections: number;
}

export function newCounters(): ExchangeCounters {
  return { bytesIn: 0, bytesOut: 0, recordsIn: 0, recordsOut: 0, batchesIn: 0, batchesOut: 0, refusedConnections: 0 };
}
