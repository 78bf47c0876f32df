// The data plane: channels between tasks, in one process and between workers.

export type { ChannelEvent, ChannelItem, InputChannel, OutputChannel } from "./channel.ts";
export { defaultWindow, localChannel } from "./local-channel.ts";
export { DataPlane, type DataPlaneOptions, type ExchangeMetrics } from "./data-plane.ts";
export type { PeerAddress } from "./dial-peer.ts";
export type { ListenOn } from "./peer-address.ts";
export { FrameTooLargeError, PeerLostError, PeerRefusedError, PeerUnreachableError, UnsafeSocketDirError } from "./errors.ts";
