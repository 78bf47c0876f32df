// Short words on what was done, said to screen readers too; they go by themselves.

import { Store, useStore } from "../store.ts";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "good" | "bad";
}

const toasts = new Store<readonly Toast[]>([]);
const stayMs = 6_000;
let nextId = 1;

export function toast(text: string, tone: Toast["tone"] = "good"): void {
  const id = nextId++;
  toasts.set([...toasts.value.slice(-3), { id, text, tone }]);
  setTimeout(() => toasts.set(toasts.value.filter((each) => each.id !== id)), stayMs);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {useStore(toasts).map(({ id, text, tone }) => <div key={id} class={`toast tone-${tone}`}>{text}</div>)}
    </div>
  );
}
