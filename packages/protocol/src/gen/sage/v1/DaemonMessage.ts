// Original file: proto/sage/v1/workers.proto

import type { Welcome as _sage_v1_Welcome, Welcome__Output as _sage_v1_Welcome__Output } from '../../sage/v1/Welcome.ts';
import type { Deploy as _sage_v1_Deploy, Deploy__Output as _sage_v1_Deploy__Output } from '../../sage/v1/Deploy.ts';
import type { Start as _sage_v1_Start, Start__Output as _sage_v1_Start__Output } from '../../sage/v1/Start.ts';
import type { Cancel as _sage_v1_Cancel, Cancel__Output as _sage_v1_Cancel__Output } from '../../sage/v1/Cancel.ts';
import type { ResultCredit as _sage_v1_ResultCredit, ResultCredit__Output as _sage_v1_ResultCredit__Output } from '../../sage/v1/ResultCredit.ts';
import type { LoopQuery as _sage_v1_LoopQuery, LoopQuery__Output as _sage_v1_LoopQuery__Output } from '../../sage/v1/LoopQuery.ts';
import type { LoopEnd as _sage_v1_LoopEnd, LoopEnd__Output as _sage_v1_LoopEnd__Output } from '../../sage/v1/LoopEnd.ts';
import type { Refused as _sage_v1_Refused, Refused__Output as _sage_v1_Refused__Output } from '../../sage/v1/Refused.ts';
import type { Close as _sage_v1_Close, Close__Output as _sage_v1_Close__Output } from '../../sage/v1/Close.ts';
import type { TriggerCheckpoint as _sage_v1_TriggerCheckpoint, TriggerCheckpoint__Output as _sage_v1_TriggerCheckpoint__Output } from '../../sage/v1/TriggerCheckpoint.ts';
import type { CheckpointCommitted as _sage_v1_CheckpointCommitted, CheckpointCommitted__Output as _sage_v1_CheckpointCommitted__Output } from '../../sage/v1/CheckpointCommitted.ts';
import type { CheckpointAborted as _sage_v1_CheckpointAborted, CheckpointAborted__Output as _sage_v1_CheckpointAborted__Output } from '../../sage/v1/CheckpointAborted.ts';
import type { Drain as _sage_v1_Drain, Drain__Output as _sage_v1_Drain__Output } from '../../sage/v1/Drain.ts';
import type { Profile as _sage_v1_Profile, Profile__Output as _sage_v1_Profile__Output } from '../../sage/v1/Profile.ts';
import type { AlignmentLimits as _sage_v1_AlignmentLimits, AlignmentLimits__Output as _sage_v1_AlignmentLimits__Output } from '../../sage/v1/AlignmentLimits.ts';
import type { Relayed as _sage_v1_Relayed, Relayed__Output as _sage_v1_Relayed__Output } from '../../sage/v1/Relayed.ts';
import type { Peer as _sage_v1_Peer, Peer__Output as _sage_v1_Peer__Output } from '../../sage/v1/Peer.ts';
import type { Challenge as _sage_v1_Challenge, Challenge__Output as _sage_v1_Challenge__Output } from '../../sage/v1/Challenge.ts';
import type { Pace as _sage_v1_Pace, Pace__Output as _sage_v1_Pace__Output } from '../../sage/v1/Pace.ts';

export interface DaemonMessage {
  'welcome'?: (_sage_v1_Welcome | null);
  'deploy'?: (_sage_v1_Deploy | null);
  'start'?: (_sage_v1_Start | null);
  'cancel'?: (_sage_v1_Cancel | null);
  'resultCredit'?: (_sage_v1_ResultCredit | null);
  'loopQuery'?: (_sage_v1_LoopQuery | null);
  'loopEnd'?: (_sage_v1_LoopEnd | null);
  'refused'?: (_sage_v1_Refused | null);
  'close'?: (_sage_v1_Close | null);
  'triggerCheckpoint'?: (_sage_v1_TriggerCheckpoint | null);
  'checkpointCommitted'?: (_sage_v1_CheckpointCommitted | null);
  'checkpointAborted'?: (_sage_v1_CheckpointAborted | null);
  'drain'?: (_sage_v1_Drain | null);
  'profile'?: (_sage_v1_Profile | null);
  'alignmentLimits'?: (_sage_v1_AlignmentLimits | null);
  'relayed'?: (_sage_v1_Relayed | null);
  /**
   * the worker of a remote service was made anew, and listens here
   */
  'peerMoved'?: (_sage_v1_Peer | null);
  /**
   * first on every stream, before Hello
   */
  'challenge'?: (_sage_v1_Challenge | null);
  'pace'?: (_sage_v1_Pace | null);
  'body'?: "welcome"|"deploy"|"start"|"cancel"|"resultCredit"|"loopQuery"|"loopEnd"|"refused"|"close"|"triggerCheckpoint"|"checkpointCommitted"|"checkpointAborted"|"drain"|"peerMoved"|"relayed"|"profile"|"alignmentLimits"|"challenge"|"pace";
}

export interface DaemonMessage__Output {
  'welcome'?: (_sage_v1_Welcome__Output | null);
  'deploy'?: (_sage_v1_Deploy__Output | null);
  'start'?: (_sage_v1_Start__Output | null);
  'cancel'?: (_sage_v1_Cancel__Output | null);
  'resultCredit'?: (_sage_v1_ResultCredit__Output | null);
  'loopQuery'?: (_sage_v1_LoopQuery__Output | null);
  'loopEnd'?: (_sage_v1_LoopEnd__Output | null);
  'refused'?: (_sage_v1_Refused__Output | null);
  'close'?: (_sage_v1_Close__Output | null);
  'triggerCheckpoint'?: (_sage_v1_TriggerCheckpoint__Output | null);
  'checkpointCommitted'?: (_sage_v1_CheckpointCommitted__Output | null);
  'checkpointAborted'?: (_sage_v1_CheckpointAborted__Output | null);
  'drain'?: (_sage_v1_Drain__Output | null);
  'profile'?: (_sage_v1_Profile__Output | null);
  'alignmentLimits'?: (_sage_v1_AlignmentLimits__Output | null);
  'relayed'?: (_sage_v1_Relayed__Output | null);
  /**
   * the worker of a remote service was made anew, and listens here
   */
  'peerMoved'?: (_sage_v1_Peer__Output | null);
  /**
   * first on every stream, before Hello
   */
  'challenge'?: (_sage_v1_Challenge__Output | null);
  'pace'?: (_sage_v1_Pace__Output | null);
  'body'?: "welcome"|"deploy"|"start"|"cancel"|"resultCredit"|"loopQuery"|"loopEnd"|"refused"|"close"|"triggerCheckpoint"|"checkpointCommitted"|"checkpointAborted"|"drain"|"peerMoved"|"relayed"|"profile"|"alignmentLimits"|"challenge"|"pace";
}
