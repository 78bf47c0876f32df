// What was looked at on the hosts, the bad things first, each with its fix.

import type { FindingJson } from "@sage/protocol/json";
import { plain, plainName } from "../format.ts";
import { Status } from "../ui/status.tsx";

const order = ["failed", "warning", "ok"];

export function FindingsTable({ label, findings }: { readonly label: string; readonly findings: readonly FindingJson[] }) {
  const sorted = [...findings].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return (
    <div class="card scroll-x">
      <table aria-label={label}>
        <thead><tr><th>State</th><th>Host</th><th>Check</th><th>Finding</th></tr></thead>
        <tbody>
          {sorted.map(({ host, check, state, what, fix }, index) => (
            <tr key={index}>
              <td><Status status={state} /></td>
              <th scope="row"><bdi>{plainName(host)}</bdi></th>
              <td>{plainName(check)}</td>
              <td class="wide-cell"><bdi>{plain(what, 500)}</bdi>{fix === "" ? null : <div class="fix"><span class="muted">To do:</span> <bdi>{plain(fix, 500)}</bdi></div>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
