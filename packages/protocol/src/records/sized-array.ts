/** An array with room for `length` values, each of which the caller sets next: faster than growing, and than Array.from. */
export function sizedArray<T>(length: number): T[] {
  return new Array<T>(length); // oxlint-disable-line unicorn/no-new-array
}
