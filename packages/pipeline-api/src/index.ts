// @sage/pipeline for programs that are started by themselves: the names of `in-worker.ts`, and a host that runs what
// they submit, loaded at the first submit.

import { useDefaultHost } from "./host-in-use.ts";

useDefaultHost(async () => {
  const { defaultHost } = await import("./default-host.ts");
  return defaultHost();
});

export * from "./in-worker.ts";
