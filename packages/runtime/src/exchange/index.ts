// The data plane: channels between tasks, in one process and between workers.

export type { InputChannel, OutputChannel } from "./channel.ts";
export type { CallConnection } from "./call-connection.ts";
export { DataPlane } from "./data-plane.ts";
export type { ListenOn } from "./peer-address.ts";
