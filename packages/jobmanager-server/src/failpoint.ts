// Places where tests let the daemon die, wait or fail. Off unless SAGE_FAILPOINTS is set, which production never does.
//
// SAGE_FAILPOINTS="checkpoint.before-rename=kill@3;submit.committed=error": at the third time there, SIGKILL; an error
// at every time at the other. Actions: kill, error, exit.

/** Behind or before every step that must be on disk. `record.*`: each write of a job's record, whatever it is for. */
export const failpointNames = [
  "submit.checked", "submit.accepted", "upload.written", "upload.moved", "record.saving", "record.saved",
  "job.started", "job.recovering", "job.ended", "stop.noted", "continue.noted", "rescale.stopped", "savepoint.taken", "delete.noted", "delete.emptied", "cleanup.chosen",
  "checkpoint.acknowledged", "checkpoint.before-rename", "checkpoint.after-rename", "checkpoint.stored", "checkpoint.recorded", "checkpoint.told", "checkpoint.forgotten",
] as const;

export type FailpointName = (typeof failpointNames)[number];

type Action = { readonly what: string; readonly at: number };

const actions = parse(process.env["SAGE_FAILPOINTS"] ?? "");
const seen = new Map<string, number>();

/** Does nothing in production. */
export function failpoint(name: FailpointName): Promise<void> | void {
  if (actions.size === 0) return;
  const action = actions.get(name);
  if (!action) return;
  const times = (seen.get(name) ?? 0) + 1;
  seen.set(name, times);
  if (action.at !== 0 && action.at !== times) return;
  if (action.what === "kill") process.kill(process.pid, "SIGKILL");
  if (action.what === "exit") process.exit(70);
  if (action.what === "error") throw new Error(`failpoint ${name}`);
  return new Promise(() => {}); // killed: the signal arrives in a moment
}

function parse(text: string): ReadonlyMap<string, Action> {
  const found = new Map<string, Action>();
  for (const each of text.split(";")) {
    const [, name, what, at] = /^([a-z.-]+)=(kill|error|exit)(?:@(\d+))?$/.exec(each.trim()) ?? [];
    if (name && what) found.set(name, { what, at: Number(at ?? 0) });
  }
  return found;
}
