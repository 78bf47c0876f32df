// The first meeting with a host: its key is shown to a person, and written down when they say so.
import { readSecret } from "@sage/config";
import { toHostSpec, type ShownHostKey } from "@sage/ssh-deploy";
import type { ClusterSession, Target } from "./session.ts";

export async function shownKey(session: ClusterSession, target: Target): Promise<ShownHostKey> {
  const spec = await toHostSpec({ ...target.host, logins: [] }, (ref) => readSecret(ref, session.env));
  return session.opener.showKey(spec, session.signal);
}

/** @returns whether it was new. */
export const trustKey = (session: ClusterSession, shown: ShownHostKey): Promise<boolean> => session.opener.trust(shown);
