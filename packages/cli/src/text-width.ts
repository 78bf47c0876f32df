// How many columns of a terminal a text takes, and texts cut to a number of columns.

const zeroWidth = /[\p{M}\p{Cf}]/u;
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
const plain = /^[\u0020-\u007e]*$/;

/** Columns that `text` takes; it holds no control characters. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** At most `columns` columns of `text`; what was cut is shown as `…`. */
export function cutTo(text: string, columns: number): string {
  if (text.length <= columns && plain.test(text)) return text;
  if (widthOf(text) <= columns) return text;
  if (columns < 1) return "";
  let kept = "";
  let width = 0;
  for (const character of text) {
    width += columnsOf(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

function columnsOf(character: string): number {
  if (plain.test(character)) return 1;
  if (zeroWidth.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
