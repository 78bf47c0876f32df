// The Ray cluster under the daemon: its version, whether it answers, what it has, and the way to its own page.

import type { RayJson } from "@sage/protocol/json";
import { plain, plainName, plural } from "../format.ts";
import { Status } from "../ui/status.tsx";
import { rayLinkOf } from "./ray-link.ts";

export function RayCard({ ray }: { readonly ray: RayJson }) {
  const alive = ray.nodes.filter(({ isAlive }) => isAlive).length;
  const link = rayLinkOf(ray.dashboardUrl);
  return (
    <section class="card pad" aria-label="Ray">
      <h2>Ray <Status status={ray.state === "up" ? "running" : "unreachable"} /></h2>
      {ray.state === "up" ? null : <p class="tone-bad"><bdi>{plain(ray.why, 300)}</bdi>{ray.nodes.length > 0 ? "; below is the last that was known" : ""}</p>}
      <dl class="pairs">
        <dt>Version</dt><dd>{ray.version === "" ? "unknown" : plainName(ray.version)}</dd>
        <dt>Nodes</dt><dd>{plural(alive, "node")} up{alive < ray.nodes.length ? <span class="tone-bad number">, {ray.nodes.length - alive} dead</span> : null}</dd>
        <dt>Address</dt><dd class="mono"><bdi>{plainName(ray.dashboardUrl)}</bdi></dd>
        <dt>Its own page</dt>
        <dd>{link === undefined ? <>through the tunnel: <code>sage dashboard --remote</code> or <code>sage tunnel</code></> : <a href={link} target="_blank" rel="noreferrer">Ray's dashboard</a>}</dd>
      </dl>
    </section>
  );
}
