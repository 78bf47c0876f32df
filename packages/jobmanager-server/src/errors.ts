// What can go wrong at the daemon, one class for each situation that a caller may want to tell apart.

import { SageError } from "@sage/core";

export class JobNotFoundError extends SageError {
  constructor(jobId: string) {
    super(`there is no job ${JSON.stringify(jobId.slice(0, 64))}`, {
      code: "SAGE_JOB_NOT_FOUND", fault: "user", hint: "`sage job list` shows the jobs of this daemon.",
    });
  }
}

export class JobExistsError extends SageError {
  constructor(jobId: string) {
    super(`job ${jobId} exists already, with another content`, {
      code: "SAGE_JOB_EXISTS", fault: "user", hint: "Give every submission an id of its own; repeat an id only to repeat the same submission.",
    });
  }
}

export class JobRunningError extends SageError {
  constructor(jobId: string, phase: string) {
    super(`job ${jobId} is ${phase}`, {
      code: "SAGE_JOB_RUNNING", fault: "user", hint: `Stop it first, or delete it with \`sage job delete ${jobId} --force\`.`,
    });
  }
}

/** The submission itself is wrong; nothing of it was kept. */
export class InvalidSubmissionError extends SageError {
  constructor(what: string) {
    super(`the job cannot be accepted: ${what}`, { code: "SAGE_JOB_INVALID", fault: "user" });
  }
}

export class ArtifactNotFoundError extends SageError {
  constructor(hash: string) {
    super(`the daemon does not have the artifact ${hash.slice(0, 64)}`, {
      code: "SAGE_ARTIFACT_NOT_FOUND", fault: "user", retryable: true, hint: "Upload it before the job is submitted.",
    });
  }
}

/** A follower of a log reads more slowly than the log's files roll. */
export class FollowerBehindError extends SageError {
  constructor(lastReadSeq: number, oldestSeq: number) {
    super(`the follower of this log is too slow: lines ${lastReadSeq + 1} to ${oldestSeq - 1} are no longer on the daemon's disk`, {
      code: "SAGE_FOLLOWER_BEHIND", fault: "user", hint: "Follow the log again, of one operator (--operator) or from a level on (--level) if that is enough.",
    });
  }
}

/** A file that a job needs is not what was uploaded. */
export class ArtifactDamagedError extends SageError {
  constructor(path: string) {
    super(`${path} is missing, or its bytes have changed since they were uploaded`, {
      code: "SAGE_ARTIFACT_DAMAGED", fault: "cluster", hint: "Submit the program again: what is damaged is uploaded anew. Then continue this job.",
    });
  }
}

export class InvalidArtifactError extends SageError {
  constructor(what: string) {
    super(`the upload was refused: ${what}`, { code: "SAGE_ARTIFACT_INVALID", fault: "user" });
  }
}

export class ArtifactTooLargeError extends SageError {
  constructor(sizeBytes: number, limitBytes: number) {
    super(`an artifact of ${sizeBytes} bytes is above this daemon's limit of ${limitBytes}`, {
      code: "SAGE_ARTIFACT_TOO_LARGE", fault: "user", hint: "Read large inputs from files or a store instead of shipping them with the job.",
    });
  }
}

/** The state could not be written: nothing was accepted, and the same call may succeed later. */
export class StateNotWrittenError extends SageError {
  constructor(cause: unknown, text: string) {
    super(`the daemon cannot write its state: ${text}`, {
      code: "SAGE_STATE_NOT_WRITTEN", fault: "cluster", retryable: true, cause, hint: "Check that the disk of the daemon's home has space and can be written.",
    });
  }
}

/** The daemon's database is not what was written. */
export class StateFileDamagedError extends SageError {
  constructor(path: string, what: string) {
    super(`${path} is damaged: ${what}`, {
      code: "SAGE_STATE_FILE_DAMAGED", fault: "cluster", hint: "Check the disk, and put back a copy of the file with its -wal and .commits beside it; jobs continue from the checkpoints that the copy names. To go on with what is whole, and without what was committed since, move its .commits file away.",
    });
  }
}

export class StateVersionError extends SageError {
  constructor(path: string, found: number, known: number) {
    super(`${path} has format ${found}; this version of Sage knows ${known}`, {
      code: "SAGE_STATE_VERSION", fault: "user", hint: "Start the daemon with the version of Sage that wrote it, or a newer one.",
    });
  }
}

export class HomeLockedError extends SageError {
  constructor(home: string, holder: string) {
    super(`another JobManager daemon uses ${home}: ${holder}`, {
      code: "SAGE_HOME_LOCKED", fault: "user", hint: "Stop it with `sage jobmanager stop`, or start this one with another --home.",
    });
  }
}

export class TokenNeededError extends SageError {
  constructor(host: string) {
    super(`the daemon does not listen on ${host} without a token: whoever reaches it can run programs here`, {
      code: "SAGE_TOKEN_NEEDED", fault: "user", hint: "Listen on 127.0.0.1 and come through an SSH tunnel, or give --token-file.",
    });
  }
}

/** Clear text where others can listen in, and nobody has said that this is meant. */
export class TlsNeededError extends SageError {
  constructor(host: string) {
    super(`the daemon does not listen on ${host} in clear text: who listens in on the network reads its token`, {
      code: "SAGE_TLS_NEEDED", fault: "user", hint: "Give --tls-cert and --tls-key (`sage jobmanager start` makes them by itself), listen on 127.0.0.1 and come through SSH, or say --insecure where the network is trusted.",
    });
  }
}

/** A token that others can read is none. */
export class OpenTokenFileError extends SageError {
  constructor(path: string) {
    super(`the token in ${path} can be read by others`, { code: "SAGE_TOKEN_FILE_OPEN", fault: "user", hint: `Run: chmod 600 ${path}` });
  }
}

export class ShuttingDownError extends SageError {
  constructor() {
    super("the daemon is shutting down", { code: "SAGE_SHUTTING_DOWN", fault: "cluster", retryable: true });
  }
}

export class ResultsTakenError extends SageError {
  constructor(nodeId: string) {
    super(`the results of ${nodeId} have a reader already; each batch is handed out once`, { code: "SAGE_RESULTS_TAKEN", fault: "user" });
  }
}

export class ResultsNotFoundError extends SageError {
  constructor(nodeId: string, why: string) {
    super(`there are no results of ${JSON.stringify(nodeId.slice(0, 64))}: ${why}`, { code: "SAGE_RESULTS_NOT_FOUND", fault: "user" });
  }
}

/** Behind the last batch of results that are not all there: the reader must not take them for the whole. */
export class ResultsIncompleteError extends SageError {
  constructor(nodeId: string, why: string) {
    super(`these were not all results of ${JSON.stringify(nodeId)}: ${why}`, {
      code: "SAGE_RESULTS_INCOMPLETE", fault: "cluster", hint: "Results wait in the daemon's memory. Write what must outlive it to a sink, such as fileSink.",
    });
  }
}

/** Results ended because their job did, without having finished. */
export class JobEndedError extends SageError {
  constructor(jobId: string, phase: string, message: string) {
    super(`job ${jobId} ${phase}${message ? `: ${message}` : ""}`, {
      code: phase === "failed" ? "SAGE_JOB_FAILED" : "SAGE_JOB_STOPPED", fault: "user",
    });
  }
}

/** A checkpoint, or a file of it, is not what was written. */
export class CheckpointDamagedError extends SageError {
  constructor(path: string, what: string, cause?: unknown) {
    super(`the checkpoint file ${path} is damaged: ${what}`, {
      code: "SAGE_CHECKPOINT_DAMAGED", fault: "cluster", cause, hint: "An older checkpoint of the job is used if there is one.",
    });
  }
}

export class CheckpointVersionError extends SageError {
  constructor(path: string, found: unknown, known: number) {
    super(`${path} has format ${String(found)}; this version of Sage knows ${known}`, {
      code: "SAGE_CHECKPOINT_VERSION", fault: "user", hint: "Use the version of Sage that wrote it, or a newer one.",
    });
  }
}

/** The state of a checkpoint does not fit the program that shall go on with it. */
export class StateMismatchError extends SageError {
  constructor(differences: readonly string[]) {
    super(`the saved state does not fit the program: ${differences.join("; ")}`, {
      code: "SAGE_STATE_MISMATCH", fault: "user", hint: "Give operators and their states the names they had, or leave their state behind with --allow-dropped-state.",
    });
  }
}

/** A checkpoint that a caller asked for was not completed; the job goes on. */
export class CheckpointFailedError extends SageError {
  readonly reason: string;

  constructor(what: string, reason: string, hint = "") {
    super(`${what} was not completed: ${reason}`, { code: "SAGE_CHECKPOINT_FAILED", fault: "cluster", retryable: true, ...(hint ? { hint } : {}) });
    this.reason = reason;
  }
}

export class CheckpointNotFoundError extends SageError {
  constructor(what: string) {
    super(`there is no checkpoint ${what}`, { code: "SAGE_CHECKPOINT_NOT_FOUND", fault: "user", hint: "`sage job show -v` lists a job's checkpoints." });
  }
}

/** The job's phase does not allow what was asked. */
export class JobPhaseError extends SageError {
  constructor(jobId: string, phase: string, what: string, hint = "") {
    super(`job ${jobId} is ${phase}: ${what}`, { code: "SAGE_JOB_PHASE", fault: "user", ...(hint ? { hint } : {}) });
  }
}

/** A file that a worker of another host asks for, or sends, is none of its attempt's, or is damaged. */
export class StateRefusedError extends SageError {
  constructor(why: string) {
    super(`the file was refused: ${why}`, { code: "SAGE_STATE_REFUSED", fault: "sage" });
  }
}

/** The job has no workers now. */
export class JobNotActiveError extends SageError {
  constructor(jobId: string, phase: string) {
    super(`job ${jobId} is ${phase}: it has no workers to look at`, { code: "SAGE_JOB_NOT_ACTIVE", fault: "user", hint: "A job can be profiled while it runs." });
  }
}

export class NoSuchWorkerError extends SageError {
  constructor(workerIndex: number, workers: number) {
    super(`there is no worker ${workerIndex}: the job has ${workers}, counted from 0`, { code: "SAGE_NO_SUCH_WORKER", fault: "user" });
  }
}

export class ProfileFailedError extends SageError {
  constructor(why: string) {
    super(`no profile could be taken: ${why}`, { code: "SAGE_PROFILE_FAILED", fault: "cluster", retryable: true });
  }
}
