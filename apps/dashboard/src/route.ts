// Which page is shown: the part of the address behind `#`, so that the daemon serves one file and nothing of a visit
// reaches its log.

import { Store } from "./store.ts";

export interface Route {
  /** `["jobs", "<id>"]` */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  return { path: path.split("/").filter(Boolean).map(decoded), query: Object.fromEntries(new URLSearchParams(query)) };
}

export function toHash({ path, query }: Route): string {
  const words = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ""));
  return `#/${path.map(encodeURIComponent).join("/")}${words.size > 0 ? `?${words}` : ""}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const route = new Store<Route>(parseRoute(globalThis.location?.hash ?? ""));
globalThis.addEventListener?.("hashchange", () => route.set(parseRoute(location.hash)));

/** Changes the address; with `replace` without a step to go back to. */
export function go(to: Route, { replace = false } = {}): void {
  const hash = toHash(to);
  if (hash === location.hash) return;
  if (replace) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
  route.set(parseRoute(hash));
}

export const jobHash = (jobId: string): string => toHash({ path: ["jobs", jobId], query: {} });
