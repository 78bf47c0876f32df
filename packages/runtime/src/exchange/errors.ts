// What can go wrong between two workers.

import { SageError } from "@sage/core";

/** The connection to a peer broke before all channels on it had ended. */
export class PeerLostError extends SageError {
  readonly peerWorkerIndex: number;
  constructor(peerWorkerIndex: number, why: string, cause?: unknown) {
    super(`the connection with worker ${peerWorkerIndex} was lost: ${why}`, {
      code: "SAGE_PEER_LOST", fault: "cluster", retryable: true, ...(cause === undefined ? {} : { cause }),
    });
    this.peerWorkerIndex = peerWorkerIndex;
  }
}

/** All ports that workers may listen on are taken. */
export class NoFreePortError extends SageError {
  constructor(host: string, from: number, to: number) {
    super(`no port of ${host} from ${from} to ${to} is free for a worker's data`, {
      code: "SAGE_NO_FREE_PORT", fault: "cluster", hint: "Give workers a wider range of ports: the daemon's --data-ports FROM-TO.",
    });
  }
}

/** A peer could not be reached in time. */
export class PeerUnreachableError extends SageError {
  readonly peerWorkerIndex: number;
  constructor(peerWorkerIndex: number, address: string, timeoutMs: number, cause: unknown) {
    super(`worker ${peerWorkerIndex} at ${address} could not be reached within ${timeoutMs} ms`, {
      code: "SAGE_PEER_UNREACHABLE", fault: "cluster", retryable: true, cause,
      hint: "Workers connect to one another directly: check the firewall between their hosts.",
    });
    this.peerWorkerIndex = peerWorkerIndex;
  }
}

/** A peer answered, but did not accept this worker, or did not prove that it belongs to the job. */
export class PeerRefusedError extends SageError {
  readonly peerWorkerIndex: number;
  constructor(peerWorkerIndex: number, why: string) {
    super(`worker ${peerWorkerIndex} and this worker do not belong together: ${why}`, {
      code: "SAGE_PEER_REFUSED", fault: "cluster", retryable: false,
    });
    this.peerWorkerIndex = peerWorkerIndex;
  }
}

/** One record, or a peer's frame, is larger than a frame may be. */
export class FrameTooLargeError extends SageError {
  constructor(what: string, bytes: number, limitBytes: number) {
    super(`${what} takes ${bytes} bytes; a frame between workers holds at most ${limitBytes}`, {
      code: "SAGE_FRAME_TOO_LARGE", fault: "user",
      hint: "Send large data by reference (a file, an object store), or split the record.",
    });
  }
}

/** The directory for a worker's socket is open to others, or its path is too long. */
export class UnsafeSocketDirError extends SageError {
  constructor(dir: string, why: string) {
    super(`${dir} cannot hold a worker's socket: ${why}`, {
      code: "SAGE_UNSAFE_SOCKET_DIR", fault: "cluster",
      hint: "Give a short path of a directory that only this user may enter (mode 0700).",
    });
  }
}
