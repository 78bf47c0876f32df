// The Ray cluster under the daemon: its version, whether it answers, what it has, and the way to its own page.

import type { RayJson } from "@sage/protocol/json";
import { plain, plainName, plural } from "../format.ts";
import { Status } from "../ui/status.tsx";
import { isLoopback, rayLinkOf } from "./ray-link.ts";

/** @param daemonHost - where the token's file is. */
export function RayCard({ ray, daemonHost }: { readonly ray: RayJson; readonly daemonHost: string }) {
  const alive = ray.nodes.filter(({ isAlive }) => isAlive).length;
  const link = rayLinkOf(ray.dashboardUrl);
  const isPath = ray.tokenPlace.startsWith("/");
  return (
    <section class="card pad" aria-label="Ray">
      <h2>Ray <Status status={ray.state === "up" ? "running" : "unreachable"} /></h2>
      {ray.state === "up" ? null : <p class="tone-bad"><bdi>{plain(ray.why, 300)}</bdi>{ray.nodes.length > 0 ? "; below is the last that was known" : ""}</p>}
      <dl class="pairs">
        <dt>Version</dt><dd>{ray.version === "" ? "unknown" : plainName(ray.version)}</dd>
        <dt>Nodes</dt><dd>{plural(alive, "node")} up{alive < ray.nodes.length ? <span class="tone-bad number">, {ray.nodes.length - alive} dead</span> : null}</dd>
        <dt>Address</dt>{ray.dashboardUrl === "" ? <dd>unknown</dd> : <dd class="mono"><bdi>{plainName(ray.dashboardUrl)}</bdi></dd>}
        <dt>Its own page</dt>
        <dd>
          {link === undefined ? null : <a href={link} target="_blank" rel="noreferrer">Ray's dashboard</a>}
          {link === undefined || !isLoopback(link) ? <span class="muted">{link === undefined ? "" : ", or "}through the tunnel: <code>sage dashboard --remote</code></span> : null}
        </dd>
        {ray.tokenPlace === "" ? null : (
          <>
            <dt>Its token</dt>
            <dd>where that page asks for one: {isPath ? <>the content of <code><bdi>{plain(ray.tokenPlace, 300)}</bdi></code> on {plainName(daemonHost)}</> : <bdi>{plain(ray.tokenPlace, 300)}</bdi>}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
