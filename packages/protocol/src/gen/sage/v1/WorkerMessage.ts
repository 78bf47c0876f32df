// Original file: proto/sage/v1/workers.proto

import type { Hello as _sage_v1_Hello, Hello__Output as _sage_v1_Hello__Output } from '../../sage/v1/Hello.ts';
import type { Deployed as _sage_v1_Deployed, Deployed__Output as _sage_v1_Deployed__Output } from '../../sage/v1/Deployed.ts';
import type { Heartbeat as _sage_v1_Heartbeat, Heartbeat__Output as _sage_v1_Heartbeat__Output } from '../../sage/v1/Heartbeat.ts';
import type { Logged as _sage_v1_Logged, Logged__Output as _sage_v1_Logged__Output } from '../../sage/v1/Logged.ts';
import type { Result as _sage_v1_Result, Result__Output as _sage_v1_Result__Output } from '../../sage/v1/Result.ts';
import type { DeadLetter as _sage_v1_DeadLetter, DeadLetter__Output as _sage_v1_DeadLetter__Output } from '../../sage/v1/DeadLetter.ts';
import type { Finished as _sage_v1_Finished, Finished__Output as _sage_v1_Finished__Output } from '../../sage/v1/Finished.ts';
import type { Failed as _sage_v1_Failed, Failed__Output as _sage_v1_Failed__Output } from '../../sage/v1/Failed.ts';
import type { Cancelled as _sage_v1_Cancelled, Cancelled__Output as _sage_v1_Cancelled__Output } from '../../sage/v1/Cancelled.ts';
import type { LoopReport as _sage_v1_LoopReport, LoopReport__Output as _sage_v1_LoopReport__Output } from '../../sage/v1/LoopReport.ts';
import type { SnapshotAck as _sage_v1_SnapshotAck, SnapshotAck__Output as _sage_v1_SnapshotAck__Output } from '../../sage/v1/SnapshotAck.ts';
import type { SnapshotDeclined as _sage_v1_SnapshotDeclined, SnapshotDeclined__Output as _sage_v1_SnapshotDeclined__Output } from '../../sage/v1/SnapshotDeclined.ts';
import type { Committed as _sage_v1_Committed, Committed__Output as _sage_v1_Committed__Output } from '../../sage/v1/Committed.ts';
import type { AwaitsCheckpoint as _sage_v1_AwaitsCheckpoint, AwaitsCheckpoint__Output as _sage_v1_AwaitsCheckpoint__Output } from '../../sage/v1/AwaitsCheckpoint.ts';
import type { Profiled as _sage_v1_Profiled, Profiled__Output as _sage_v1_Profiled__Output } from '../../sage/v1/Profiled.ts';
import type { AlignmentReport as _sage_v1_AlignmentReport, AlignmentReport__Output as _sage_v1_AlignmentReport__Output } from '../../sage/v1/AlignmentReport.ts';
import type { Relayed as _sage_v1_Relayed, Relayed__Output as _sage_v1_Relayed__Output } from '../../sage/v1/Relayed.ts';
import type { PeerSilent as _sage_v1_PeerSilent, PeerSilent__Output as _sage_v1_PeerSilent__Output } from '../../sage/v1/PeerSilent.ts';

export interface WorkerMessage {
  'hello'?: (_sage_v1_Hello | null);
  'deployed'?: (_sage_v1_Deployed | null);
  'heartbeat'?: (_sage_v1_Heartbeat | null);
  'logged'?: (_sage_v1_Logged | null);
  'result'?: (_sage_v1_Result | null);
  'deadLetter'?: (_sage_v1_DeadLetter | null);
  'finished'?: (_sage_v1_Finished | null);
  'failed'?: (_sage_v1_Failed | null);
  'cancelled'?: (_sage_v1_Cancelled | null);
  'loopReport'?: (_sage_v1_LoopReport | null);
  'snapshotAck'?: (_sage_v1_SnapshotAck | null);
  'snapshotDeclined'?: (_sage_v1_SnapshotDeclined | null);
  'committed'?: (_sage_v1_Committed | null);
  'awaitsCheckpoint'?: (_sage_v1_AwaitsCheckpoint | null);
  'profiled'?: (_sage_v1_Profiled | null);
  'alignmentReport'?: (_sage_v1_AlignmentReport | null);
  'relayed'?: (_sage_v1_Relayed | null);
  'peerSilent'?: (_sage_v1_PeerSilent | null);
  'body'?: "hello"|"deployed"|"heartbeat"|"logged"|"result"|"deadLetter"|"finished"|"failed"|"cancelled"|"loopReport"|"snapshotAck"|"snapshotDeclined"|"committed"|"awaitsCheckpoint"|"relayed"|"profiled"|"alignmentReport"|"peerSilent";
}

export interface WorkerMessage__Output {
  'hello'?: (_sage_v1_Hello__Output | null);
  'deployed'?: (_sage_v1_Deployed__Output | null);
  'heartbeat'?: (_sage_v1_Heartbeat__Output | null);
  'logged'?: (_sage_v1_Logged__Output | null);
  'result'?: (_sage_v1_Result__Output | null);
  'deadLetter'?: (_sage_v1_DeadLetter__Output | null);
  'finished'?: (_sage_v1_Finished__Output | null);
  'failed'?: (_sage_v1_Failed__Output | null);
  'cancelled'?: (_sage_v1_Cancelled__Output | null);
  'loopReport'?: (_sage_v1_LoopReport__Output | null);
  'snapshotAck'?: (_sage_v1_SnapshotAck__Output | null);
  'snapshotDeclined'?: (_sage_v1_SnapshotDeclined__Output | null);
  'committed'?: (_sage_v1_Committed__Output | null);
  'awaitsCheckpoint'?: (_sage_v1_AwaitsCheckpoint__Output | null);
  'profiled'?: (_sage_v1_Profiled__Output | null);
  'alignmentReport'?: (_sage_v1_AlignmentReport__Output | null);
  'relayed'?: (_sage_v1_Relayed__Output | null);
  'peerSilent'?: (_sage_v1_PeerSilent__Output | null);
  'body'?: "hello"|"deployed"|"heartbeat"|"logged"|"result"|"deadLetter"|"finished"|"failed"|"cancelled"|"loopReport"|"snapshotAck"|"snapshotDeclined"|"committed"|"awaitsCheckpoint"|"relayed"|"profiled"|"alignmentReport"|"peerSilent";
}
