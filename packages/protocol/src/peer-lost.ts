/**
 * `Failed.failure.code` of a worker whose connection to another worker broke: a consequence, for which the daemon looks
 * for the cause (the other worker's exit or failure) before it reports this.
 */
export const peerLostCode = "SAGE_PEER_LOST";
