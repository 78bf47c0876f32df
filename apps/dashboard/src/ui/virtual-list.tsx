// A scrolled list that holds only the rows in sight: ten thousand rows cost as much as fifty.

import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

export interface VirtualListProps {
  readonly count: number;
  readonly rowHeight: number;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly row: (index: number, top: number) => ComponentChildren;
}

const spareRows = 8;

/** To be put into an element that scrolls, which `scroller` names. */
export function VirtualList({ count, rowHeight, scroller, row }: VirtualListProps) {
  const [view, setView] = useState({ top: 0, height: 800 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => setView((before) => (before.top === element.scrollTop && before.height === element.clientHeight ? before : { top: element.scrollTop, height: element.clientHeight }));
    look();
    element.addEventListener("scroll", look, { passive: true });
    const resized = new ResizeObserver(look);
    resized.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      resized.disconnect();
    };
  }, [scroller]);
  useEffect(() => {
    const element = scroller.current;
    if (element && element.scrollTop !== view.top) setView({ top: element.scrollTop, height: element.clientHeight });
  }, [count]);
  const first = Math.max(0, Math.min(Math.floor(view.top / rowHeight), count - 1) - spareRows);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + spareRows);
  const rows = [];
  for (let index = first; index < last; index++) rows.push(row(index, index * rowHeight));
  return <div class="virtual" role="presentation" style={{ height: `${count * rowHeight}px` }}>{rows}</div>;
}
