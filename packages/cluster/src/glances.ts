// How `status` looks at a host: once, or over and over by a shell that stays on each host.
import { glanceAt, KeptGlance, type Glance, type Host } from "@sage/ssh-deploy";
import type { Target } from "./session.ts";

export type Look = (host: Host, target: Target, signal: AbortSignal) => Promise<Glance>;

const questionOf = ({ host }: Target) => ({ sageHome: host.sageHome, dir: host.tempDir });

export const lookOnce: Look = (host, target, signal) => glanceAt(host, questionOf(target), { signal });

/** A shell that was lost, with its connection or by a look that was given up, is started anew. */
export function keptGlances(): AsyncDisposable & { readonly look: Look } {
  const kept = new Map<Target, { readonly host: Host; readonly glance: KeptGlance }>();
  return {
    async look(host, target, signal) {
      let one = kept.get(target);
      if (one?.host !== host || one.glance.isOver) {
        await one?.glance[Symbol.asyncDispose]();
        one = { host, glance: new KeptGlance(host, questionOf(target)) };
        kept.set(target, one);
      }
      return one.glance.look(signal);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...kept.values()].map(({ glance }) => glance[Symbol.asyncDispose]()));
    },
  };
}
