// What stands where there is nothing else to show: why, and what to do.

import type { ComponentChildren } from "preact";
import { Icon } from "./icons.tsx";

export interface NoticeProps {
  readonly title: string;
  readonly icon?: string;
  readonly tone?: string;
  readonly children?: ComponentChildren;
}

export function Notice({ title, icon = "waiting", tone = "muted", children }: NoticeProps) {
  return (
    <div class={`notice tone-${tone}`}>
      <div class="notice-icon"><Icon name={icon} /></div>
      <h2>{title}</h2>
      <div class="notice-body">{children}</div>
    </div>
  );
}

/** Grey bars in the place of what is on its way. */
export function Skeleton({ lines }: { readonly lines: number }) {
  return <div class="skeleton" role="status" aria-label="Loading">{Array.from({ length: lines }, (_, index) => <i key={index} />)}</div>;
}
