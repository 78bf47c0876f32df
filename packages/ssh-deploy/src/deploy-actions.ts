// How the steps of a deploy are done; see plan.ts for what they are.
import type { CommandEnv } from "@sage/core";
import type { Actions } from "./apply.ts";
import type { Step } from "./plan.ts";
import { CommandFailedError, InstallFailedError } from "./errors.ts";
import { script } from "./remote-script.ts";
import { checkRemotePath } from "./safe-names.ts";
import { switchRelease } from "./shipping/releases.ts";
import { shipRuntime, type NodeRuntime } from "./shipping/runtimes.ts";
import { shipTree } from "./shipping/transfer.ts";
import type { Tree } from "./shipping/tree.ts";
import { markTempDir } from "./temp-dirs.ts";

export interface DeployMaterial {
  readonly sageHome: string;
  /** What release steps ship; only asked for if a plan has such steps. */
  readonly tree?: Tree;
  readonly runtime?: NodeRuntime;
  /** For the package index: http_proxy, https_proxy, no_proxy, PIP_INDEX_URL, … */
  readonly installEnv?: CommandEnv;
  /** Default 900,000. */
  readonly installDeadlineMs?: number;
}

// The venv is made beside its place: one that is half made is never taken for a whole one. Its scripts name their folder,
// so it is installed where it stays, and the mark says that it is complete.
const installRay = `
python=$1 venv=$(at "$2") version=$3
exec 9>>"$venv.lock"
flock 9
if [ "$(cat "$venv/.sage-ray" 2>/dev/null || :)" = "$version" ]; then rm -f "$venv.lock"; exit; fi
if [ -e "$venv" ] && [ ! -f "$venv/.sage-venv" ]; then fail "$venv is there and was not made by Sage"; fi
rm -rf "$venv"
mkdir -p "$venv"
: >"$venv/.sage-venv"
"$python" -m venv "$venv" >&2 || fail "no venv can be made with $python; is python3-venv installed?"
: >"$venv/.sage-venv"
"$venv/bin/python" -m pip install --disable-pip-version-check --no-input -q "ray[default]==$version" >&2
printf '%s\\n' "$version" >"$venv/.sage-ray"
rm -f "$venv.lock"
`;

export function deployActions(material: DeployMaterial): Actions<Step> {
  return {
    "make-dir": (host, step, { signal }) => host.run(script('mkdir -p "$(at "$1")"', [checkRemotePath(step.path)], { name: "sage-mkdir" }), signal ? { signal } : {}),
    "mark-temp-dir": (host, step, { signal }) => markTempDir(host, step.path, step.cluster, signal),
    "ship-node": (host, _step, { signal, progress }) => {
      const runtime = needed(material.runtime, "a Node runtime");
      let sent = 0;
      return shipRuntime(host, material.sageHome, runtime, { ...(signal ? { signal } : {}), onSent: (bytes) => progress(`sends Node: ${percent(sent += bytes, runtime.bytes)}`) });
    },
    "install-ray": (host, step, { signal }) => {
      const command = script(installRay, [step.python, checkRemotePath(step.venv), step.version], { name: "sage-install-ray", env: material.installEnv ?? {} });
      return host.run(command, { deadlineMs: material.installDeadlineMs ?? 900_000, ...(signal ? { signal } : {}) }).catch((error: unknown) => {
        throw error instanceof CommandFailedError ? new InstallFailedError(host.name, step.version, error) : error;
      });
    },
    "ship-release": (host, step, { signal, progress }) => shipTree(host, step.root, needed(material.tree, "a tree"), {
      ...(signal ? { signal } : {}), onProgress: ({ sentBytes, totalBytes }) => progress(`sends files: ${percent(sentBytes, totalBytes)}`),
    }),
    "switch-release": (host, step, { signal }) => switchRelease(host, step.root, step.id, signal),
  };
}

function needed<T>(thing: T | undefined, what: string): T {
  if (thing === undefined) throw new Error(`the plan has a step that needs ${what}`);
  return thing;
}

const percent = (part: number, whole: number) => (whole === 0 ? "100 %" : `${Math.floor((100 * part) / whole)} %`);
