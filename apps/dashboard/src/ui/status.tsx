// A job's or an instance's state: a word, a picture and a colour, so that none of them is needed alone.

import { Icon } from "./icons.tsx";

const looks: Readonly<Record<string, { readonly icon: string; readonly tone: string }>> = {
  running: { icon: "running", tone: "good" },
  completed: { icon: "completed", tone: "done" },
  finished: { icon: "completed", tone: "done" },
  failed: { icon: "failed", tone: "bad" },
  cancelled: { icon: "stopped", tone: "muted" },
  stopped: { icon: "stopped", tone: "warn" },
  stopping: { icon: "waiting", tone: "warn" },
  recovering: { icon: "waiting", tone: "warn" },
  initializing: { icon: "waiting", tone: "info" },
  created: { icon: "waiting", tone: "muted" },
  pending: { icon: "waiting", tone: "info" },
  complete: { icon: "completed", tone: "good" },
  damaged: { icon: "failed", tone: "bad" },
  deleted: { icon: "minus", tone: "muted" },
  ok: { icon: "completed", tone: "good" },
  warning: { icon: "warning", tone: "warn" },
  unreachable: { icon: "failed", tone: "bad" },
  ready: { icon: "completed", tone: "good" },
};

export const toneOf = (status: string): string => looks[status]?.tone ?? "muted";

export function Status({ status }: { readonly status: string }) {
  return (
    <span class={`status tone-${toneOf(status)}`}>
      <Icon name={looks[status]?.icon ?? "waiting"} />
      {status}
    </span>
  );
}
