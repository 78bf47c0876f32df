// Imported before a worker's program in a soak.

import "./breakable-sockets.mjs";
import "./memory-probe.mjs";
