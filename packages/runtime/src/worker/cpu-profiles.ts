// The CPU profiles of this process, one at a time: what V8 may inline meanwhile is one switch for all.

import type { Profile, ProfiledInit } from "@sage/protocol";
import { takeProfile, type ProfiledProgram } from "./cpu-profile.ts";

export class CpuProfiles {
  #taken: { readonly id: number; readonly over: AbortController; readonly untilMs: number } | undefined;

  /** Undefined: nothing is to be answered, since nobody waits for that one any more. Does not reject. */
  async take(profile: Profile, program: ProfiledProgram | undefined): Promise<ProfiledInit | undefined> {
    const { id, durationMs } = profile;
    if (durationMs === 0) return void (this.#taken?.id === id && this.#taken.over.abort());
    if (this.#taken) return { id, error: `a profile of it is being taken already, for ${Math.ceil(Math.max(0, this.#taken.untilMs - performance.now()) / 1_000)} s yet; ask again behind that` };
    const over = new AbortController();
    this.#taken = { id, over, untilMs: performance.now() + durationMs };
    try {
      const profiled = await takeProfile(profile, program, over.signal);
      return over.signal.aborted ? undefined : profiled;
    } finally {
      this.#taken = undefined;
    }
  }
}
