// Hosts over SSH: connections, work on many of them, files shipped by content, processes started and ended by record.
export type { CommandResult, ForwardTarget, Host, OutputStream, RunOptions, UploadOptions } from "./host.ts";
export { channelsAtOnce, connectSsh, SshConnection, type ConnectOptions } from "./connection.ts";
export { localHost } from "./local-host.ts";
export { HostOpener, type HostSpec, type ShownHostKey, type SshSettings } from "./open-hosts.ts";
export { toHostSpec, toSshSettings } from "./host-spec.ts";
export type { LoginKey, LoginOptions, SshLogin } from "./login.ts";
export type { HostKeyPolicy } from "./handshake.ts";
export type { HostKey } from "./host-key.ts";
export { judgeHostKey, knownHostName, parseKnownHosts, type HostKeyVerdict, type KnownHostEntry, type KnownKey } from "./known-hosts.ts";
export { readKnownHosts, trustHostKey } from "./known-hosts-file.ts";
export { askSshConfig, type SshConfigAnswer, type SshConfigOptions } from "./ssh-config.ts";
export { openTunnel, type Tunnel, type TunnelOptions } from "./tunnel.ts";
export { Fleet, onEachHost, type FleetEvent, type FleetOptions, type FleetReport, type HostTask, type Outcome } from "./fleet.ts";
export {
  CommandFailedError, ConnectionLostError, DroppedError, ForwardRefusedError, HostKeyChangedError, HostKeyRefusedError, HostKeyUnknownError, KeyFileError,
  LoginRefusedError, SessionRefusedError, SshConfigError, UnreachableError, UnsafeNameError,
} from "./errors.ts";
export { checkHostName, checkRemotePath, checkUserName } from "./safe-names.ts";
export { refusedExitCode, script, titleOf, type ScriptOptions } from "./remote-script.ts";
export { blobName, makeManifest, missingBlobs, TreeRefusedError, type FileEntry, type Manifest, type ManifestLimits } from "./shipping/manifest.ts";
export { defaultExcludes, readTree, treeOf, type ReadTreeOptions, type Tree } from "./shipping/tree.ts";
export { NoSpaceError, shipTree, type ShipOptions, type ShipReport } from "./shipping/transfer.ts";
export { ContentDiffersError, sendFile, type FileToSend, type SendOptions } from "./shipping/send-file.ts";
export {
  listReleases, NoSuchReleaseError, previousRelease, pruneReleases, releasesToPrune, rollbackRelease, switchRelease, type ReleaseList,
} from "./shipping/releases.ts";
export { nodeRuntime, runtimePath, RuntimeUnusableError, shipRuntime, type NodeRuntime } from "./shipping/runtimes.ts";
export { probeHost, usualPythons, type ProbeQuestions } from "./probe.ts";
export type { DirFacts, HostFacts, PortFacts, PythonFacts } from "./host-facts.ts";
export { describeStep, isOlder, planHost, type HostPlan, type Problem, type Step, type Wanted } from "./plan.ts";
export { applySteps, StepFailedError, type Actions, type ActionTask, type ApplyOptions } from "./apply.ts";
export { deployActions, type DeployMaterial } from "./deploy-actions.ts";
export { acquireDeployLock, DeployLockedError, DeployLockLostError, readDeployLock, type DeployLock, type LockOptions, type LockOwner } from "./lock.ts";
export {
  listProcesses, ProcessStartError, ProcessStuckError, startProcess, stopProcess, type ProcessSpec, type ProcessState, type StartOutcome, type StopOutcome,
} from "./processes.ts";
export { glanceAt, type Glance, type GlanceQuestion } from "./glance.ts";
export { KeptGlance } from "./kept-glance.ts";
export { runBegins } from "./process-scripts.ts";
export { cleanTempDir, markTempDir, TempDirRefusedError } from "./temp-dirs.ts";
