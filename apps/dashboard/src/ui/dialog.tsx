// A question before something that cannot be taken back. The browser keeps the focus inside and gives it back.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

export interface DialogProps {
  readonly title: string;
  readonly confirm: string;
  readonly danger?: boolean;
  /** Whether it can be confirmed as it is. */
  readonly ready?: boolean;
  readonly children: ComponentChildren;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

export function Dialog({ title, confirm, danger = false, ready = true, children, onConfirm, onCancel }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog" aria-label={title} onCancel={(event) => { event.preventDefault(); onCancel(); }}>
      <h2>{title}</h2>
      <div class="dialog-body">{children}</div>
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={onCancel}>Cancel</button>
        <button type="button" class={`button ${danger ? "danger" : "primary"}`} disabled={!ready} onClick={onConfirm} autofocus={ready}>{confirm}</button>
      </div>
    </dialog>
  );
}
