// Hosts over SSH: connections, files shipped by content, processes that are started and ended by record.
export type { CommandResult, ForwardTarget, Host, OutputStream, RunOptions, UploadOptions } from "./host.ts";
export { connectSsh, type ConnectOptions, type SshConnection } from "./connection.ts";
export { localHost } from "./local-host.ts";
