// Sage's configuration: both dialects, their schema, and the cluster that they describe. Loads the YAML parser; what
// runs at every start of a command enters by `@sage/config/daemon-settings` instead.
export { ConfigError, formatFinding, type ConfigFinding } from "./errors.ts";
export { loadConfig, type LoadedConfig, type LoadOptions } from "./load.ts";
export { loadCluster, type LoadedCluster } from "./load-cluster.ts";
export { validateConfig, type ValidatedConfig } from "./validate-file.ts";
export { callerTls, madeCaPath, madeTlsDir, servesTls, type CallerTls, type TlsSettings } from "./daemon-tls.ts";
export { checkpointSettingsOf, historyFlags, mayNeedTunnel, readDaemonAddress } from "./daemon-settings.ts";
export { configPlace, pathFrom, sageHome, type ConfigPlace } from "./places.ts";
export { readSecret, SecretUnavailableError, type SecretRef } from "./secret-ref.ts";
export type { SageConfig, SageConfigFile } from "./sage-schema.ts";
export type { NokubeConfig, NokubeFile } from "./nokube-schema.ts";
export type { Dialect } from "./json-schema.ts";
export type { Origin } from "./layers.ts";
export { formatAddress, parseAddress, sameHostKey, type Address } from "./addresses.ts";
export type {
  CheckpointSettings,
  Cluster,
  ClusterHost,
  DaemonSettings,
  HeadHost,
  HostResources,
  Login,
  LoginKey,
  ProjectSettings,
  RaySettings,
  SshSettings,
} from "./cluster.ts";
export { getValue, setValue, unsetValue, type EditResult, type EditTarget } from "./edit.ts";
export { addWorker, removeWorker, type WorkerEdit } from "./edit-workers.ts";
export { ConfigChangedError, writeConfigFile } from "./write-file.ts";
export { formatOrigin, showConfig, showValues, type ShownValue } from "./show.ts";
export { configDocs, jsonSchemaText, keyDocs, type KeyDoc } from "./docs.ts";
export { initConfig, initText, type InitOptions, type InitResult, type InitValues } from "./init.ts";
export { convertConfig, type Converted } from "./convert-file.ts";
