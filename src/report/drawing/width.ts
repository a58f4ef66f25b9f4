/**
 * Texts in columns of a terminal: how wide they are, filled, cut, broken between words.
 *
 * Texts may carry colour already: escape sequences take no width.
 */

const ESCAPE = `${String.fromCharCode(27)}\\[[0-9;]*m`;
const ESCAPES = new RegExp(ESCAPE, 'g');
const LEADING = new RegExp(`^(?:${ESCAPE})+`);
const TRAILING = new RegExp(`(?:${ESCAPE})+$`);

/** Columns that a text takes in a terminal: Cyrillic one each, ideographs and emoji two, marks that combine none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text.replace(ESCAPES, '')) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  if (/[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u.test(character)) return 0;
  const code = character.codePointAt(0) ?? 0;
  const isWide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return isWide ? 2 : 1;
}

/** The text in exactly `width` columns: filled on the other side of `align`, or cut with … where it is too long. */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const free = width - widthOf(text);
  if (free < 0) return cut(text, width);
  return align === 'left' ? text + ' '.repeat(free) : ' '.repeat(free) + text;
}

/** As much of the text as fits, colour dropped, ending in …. */
function cut(text: string, width: number): string {
  if (width <= 0) return '';
  let kept = '';
  let used = 0;
  for (const character of text.replace(ESCAPES, '')) {
    const more = characterWidth(character);
    if (used + more > width - 1) break;
    kept += character;
    used += more;
  }
  return `${kept}…${' '.repeat(width - 1 - used)}`;
}

/** The text, or as many of its words as fit, colour dropped, ending in …: a number is whole or not there. */
export function fitWords(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const [first = ''] = wrapped(text.replace(ESCAPES, ''), width - 1);
  return first.trim() === '' || widthOf(first) >= width ? cut(text, width) : `${first}…`;
}

/** A sentence in lines of at most `width` columns, broken between words; what follows stands as far in as its beginning. Colours stay. */
export function wrapped(text: string, width: number): string[] {
  if (widthOf(text) <= width) return [text];
  const indent = /^ */.exec(text.replace(ESCAPES, ''))?.[0] ?? '';
  const [first = '', ...words] = text.split(' ');
  const lines: string[] = [];
  let line = first;
  for (const word of words) {
    const longer = `${line} ${word}`;
    const isBegun = line.replace(ESCAPES, '').trim() !== '';
    if (isBegun && widthOf(longer) > width) {
      lines.push(line.trimEnd());
      line = indent + word;
    } else line = longer;
  }
  return [...lines, line.trimEnd()];
}

/** Broken between words, each line in the colour of the whole. */
export function eachLine(text: string, width: number): string[] {
  const [before = '', after = ''] = [LEADING.exec(text)?.[0], TRAILING.exec(text)?.[0]];
  const lines = wrapped(text.slice(before.length, text.length - after.length), width);
  return lines.map((line) => `${before}${line}${after}`);
}
