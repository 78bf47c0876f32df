// Leaves a component as it is while its properties say the same.

import { Component, createElement, type ComponentChild, type FunctionComponent } from "preact";

export function memo<P extends object>(draw: FunctionComponent<P>, same: (before: P, after: P) => boolean): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return !same(this.props as P, next as P);
    }
    override render(): ComponentChild {
      return createElement(draw, this.props as P);
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}
