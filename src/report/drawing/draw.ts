/**
 * Drawing with characters: pure functions, lines out. Widths are columns of a terminal, colours a palette that is passed in.
 *
 * Texts may carry colour already: escape sequences take no width. Nothing here is wider than it was told to be, but where a number would be cut.
 */

/** How a text is marked; `PLAIN` marks nothing. picocolors' functions fit. */
export interface Palette {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  dim(text: string): string;
  strong(text: string): string;
  accent(text: string): string;
}

const same = (text: string): string => text;
export const PLAIN: Palette = { good: same, bad: same, warn: same, dim: same, strong: same, accent: same };

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

export interface TableColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** With the first column it says whose a row is: both stand in every block. */
  readonly isName?: true;
  /** Of a last column: words, which go over several lines where they must. */
  readonly isProse?: true;
}

/**
 * A table: titles, a rule, rows; columns as wide as their widest cell. Where `width` is too narrow for all, the first column is cut a little;
 * past that the columns that find no room stand below, beside the first column again: a number that is cut would be a lie, one that is left
 * out a riddle. Below, rows without a word are left out. A first column and one more that find no room are wider than told.
 */
export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width: number,
  palette: Palette = PLAIN,
): string[] {
  const widest = columns.map((column, i) =>
    Math.max(widthOf(column.title), ...rows.map((row) => widthOf(row[i] ?? ''))),
  );
  const isProse = columns.map((column, i) => i === columns.length - 1 && column.isProse === true);
  const least = widest.map((each, i) => (isProse[i] === true ? Math.min(each, PROSE_MIN) : each));
  const names = columns.flatMap(({ isName }, i) => (i === 0 || isName === true ? [i] : []));
  return blocksOf(least, names, width).flatMap((block, number) => {
    const widths = widthsIn(block, widest, least, width);
    // Where two columns name a row, a name may stand in the row above.
    const isTold = (row: readonly string[]) =>
      number === 0 || names.length > 1 || block.slice(names.length).some((i) => (row[i] ?? '') !== '');
    const toldRows = rows.filter(isTold);
    if (number > 0 && toldRows.length === 0) return [];
    const lines = [columns.map(({ title }) => title), ...toldRows].map((cells) =>
      rowLines(
        block.map((i) => cells[i] ?? ''),
        block.map((i) => ({ align: columns[i]?.align ?? 'left', isProse: isProse[i] === true })),
        widths,
      ),
    );
    const [titles = [], ...told] = lines;
    const rule = widths.map((each) => '─'.repeat(each)).join('──');
    return [...(number === 0 ? [] : ['']), ...titles.map(palette.dim), palette.dim(rule), ...told.flat()];
  });
}

const GUTTER = '  ';
const FIRST_COLUMN_MIN = 12;
const PROSE_MIN = 16;

/** Which columns stand beside each other, those of the names in every block. */
function blocksOf(least: readonly number[], names: readonly number[], width: number): number[][] {
  const all = least.map((_, i) => i);
  if (tableWidth(least) - slack(least[0] ?? 0) <= width) return [all];
  const blocks: number[][] = [];
  let block = [...names];
  for (const i of all.filter((each) => !names.includes(each))) {
    const isFull = block.length > names.length && tableWidth([...block, i].map((each) => least[each] ?? 0)) > width;
    if (isFull) {
      blocks.push(block);
      block = [...names];
    }
    block.push(i);
  }
  return [...blocks, block];
}

/** How wide the columns of a block are drawn: the first is cut where it must be, words take what is left. */
function widthsIn(
  block: readonly number[],
  widest: readonly number[],
  least: readonly number[],
  width: number,
): number[] {
  const widths = block.map((i) => least[i] ?? 0);
  const excess = tableWidth(widths) - width;
  if (excess > 0) widths[0] = Math.max(Math.min(FIRST_COLUMN_MIN, widths[0] ?? 0), (widths[0] ?? 0) - excess);
  const last = widths.length - 1;
  if (excess < 0) widths[last] = Math.min(widest[block[last] ?? 0] ?? 0, (widths[last] ?? 0) - excess);
  return widths;
}

/** A row, over several lines where its last cell is words that need them. */
function rowLines(
  cells: readonly string[],
  columns: readonly { readonly align: 'left' | 'right'; readonly isProse: boolean }[],
  widths: readonly number[],
): string[] {
  const last = cells.length - 1;
  const prose = columns[last]?.isProse === true ? eachLine(cells[last] ?? '', widths[last] ?? 0) : [cells[last] ?? ''];
  return prose.map((text, line) =>
    [...(line === 0 ? cells : cells.map(() => '')).slice(0, last), text]
      .map((cell, i) => fit(cell, widths[i] ?? 0, columns[i]?.align))
      .join(GUTTER)
      .trimEnd(),
  );
}

/** Broken between words, each line in the colour of the whole. */
function eachLine(text: string, width: number): string[] {
  const [before = '', after = ''] = [LEADING.exec(text)?.[0], TRAILING.exec(text)?.[0]];
  const lines = wrapped(text.slice(before.length, text.length - after.length), width);
  return lines.map((line) => `${before}${line}${after}`);
}

function tableWidth(widths: readonly number[]): number {
  return widths.reduce((sum, columnWidth) => sum + columnWidth, 0) + GUTTER.length * (widths.length - 1);
}

/** How much of its width the first column may lose before others go below. */
function slack(first: number): number {
  return Math.max(0, Math.min(first - FIRST_COLUMN_MIN, Math.floor(first / 6)));
}

/**
 * Names on the left, values on the right of each column; as many columns beside each other as fit. A long value (names of instruments) stands below
 * them, over several lines where it must.
 */
export function facts(
  pairs: readonly (readonly [name: string, value: string])[],
  width: number,
  palette: Palette = PLAIN,
): string[] {
  const short = pairs.filter(([, value]) => widthOf(value) <= SHORT_VALUE);
  const long = pairs.filter(([, value]) => widthOf(value) > SHORT_VALUE);
  const names = Math.max(...pairs.map(([name]) => widthOf(name)));
  const values = Math.max(...short.map(([, value]) => widthOf(value)));
  const cell = names + GUTTER.length + values;
  const columns = Math.max(1, Math.min(3, Math.floor((width + 4) / (cell + 4))));
  const rows = Math.ceil(short.length / columns);
  const beside = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (__, column) => short[column * rows + row])
      .flatMap((pair) =>
        pair === undefined ? [] : [`${palette.dim(fit(pair[0], names))}${GUTTER}${fit(pair[1], values, 'right')}`],
      )
      .join('    '),
  );
  const below = long.flatMap(([name, value]) => {
    const indent = Math.min(names, Math.max(widthOf(name), width - GUTTER.length - SHORT_VALUE));
    return wrapped(value, width - indent - GUTTER.length).map(
      (line, i) => `${palette.dim(fit(i === 0 ? name : '', indent))}${GUTTER}${line}`,
    );
  });
  return [...beside, ...below];
}

/** One instrument, and any amount or duration. */
const SHORT_VALUE = 16;

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** A curve in one line; values are thinned to `width` by their last of each stretch. Nothing for no values. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = thinned(values, width);
  const [least, most] = bounds(shown);
  return shown.map((value) => BLOCKS[most === least ? 3 : Math.round(((value - least) / (most - least)) * 7)]).join('');
}

/** `share` (0 … 1) of `width` filled, to an eighth of a column. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const whole = Math.floor(eighths / 8);
  const part = PARTS[eighths % 8] ?? '';
  return ('█'.repeat(whole) + part).padEnd(width, ' ');
}

const PARTS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** `███▌    42 %`, in `width` columns. */
export function progressBar(share: number, width: number, palette: Palette = PLAIN): string {
  const percent = `${Math.floor(Math.min(1, Math.max(0, share)) * 100)} %`.padStart(5);
  return `${palette.accent(bar(share, Math.max(1, width - 6)))} ${percent}`;
}

/**
 * A line chart in braille: two points a column, four a row; every value is in it. `label` writes the values of the axis, at top, middle and bottom.
 * Returns `height` lines; nothing for fewer than two values. Where all are the same the line stands in the middle, and only it has a value.
 */
export function lineChart(
  values: readonly number[],
  size: { readonly width: number; readonly height: number },
  label: (value: number) => string,
  palette: Palette = PLAIN,
): string[] {
  if (values.length < 2) return [];
  const [least, most] = bounds(values);
  const middle = (least + most) / 2;
  const isFlat = most === least;
  const labels = isFlat ? ['', label(middle), ''] : [label(most), label(middle), label(least)];
  const axis = Math.max(...labels.map(widthOf));
  const columns = Math.max(2, size.width - axis - 2);
  const dotRows = size.height * 4;
  // Where the middle value is drawn: of an even number of rows the lower one.
  const middleRow = Math.round((dotRows - 1) / 2) >> 2;
  const rowOf = (value: number) =>
    isFlat ? middleRow * 4 + 1 : Math.round(((most - value) / (most - least)) * (dotRows - 1));
  const cells = Array.from({ length: size.height }, () => new Uint8Array(columns));
  const dots = columns * 2;
  const points = values.length < dots ? stretched(values, dots) : values;
  let before = rowOf(points[0] ?? least);
  // Of many values on one dot all are drawn: a fall and a rise between two dots are what a reader looks for.
  points.forEach((value, i) => {
    const x = Math.floor((i * dots) / points.length);
    const row = rowOf(value);
    // A jump is drawn as a stroke, so that the curve hangs together.
    for (
      let y = Math.min(row, before + Math.sign(row - before));
      y <= Math.max(row, before + Math.sign(row - before));
      y++
    )
      setDot(cells, x, y);
    before = row;
  });
  return cells.map((cell, row) => {
    const text = row === 0 ? labels[0] : row === size.height - 1 ? labels[2] : row === middleRow ? labels[1] : '';
    const curve = Array.from(cell, (dots) => String.fromCharCode(0x2800 + dots)).join('');
    return `${palette.dim(fit(text ?? '', axis, 'right'))} ${palette.dim('┤')}${curve}`;
  });
}

/** Bits of a braille cell by column and row. */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

function setDot(cells: readonly Uint8Array[], x: number, y: number): void {
  const cell = cells[y >> 2];
  const column = x >> 1;
  if (cell !== undefined) cell[column] = (cell[column] ?? 0) | (DOTS[x & 1]?.[y & 3] ?? 0);
}

/** At most `count` values: of each stretch the last. */
function thinned(values: readonly number[], count: number): number[] {
  if (values.length <= count) return [...values];
  return Array.from({ length: count }, (_, i) => values[Math.ceil(((i + 1) * values.length) / count) - 1] as number);
}

/** Exactly `count` values of fewer: each repeated. */
function stretched(values: readonly number[], count: number): number[] {
  return Array.from(
    { length: count },
    (_, i) => values[Math.round((i / Math.max(1, count - 1)) * (values.length - 1))] as number,
  );
}

function bounds(values: readonly number[]): [least: number, most: number] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

/**
 * How often values fall where: one line a bin, from the least up, each bin a round number wide, with a bar and its count. Bins below 0 are bad,
 * above good. `label` writes the edges, `counted` the counts; at most `binsMax` lines. Nothing for no values.
 */
export function histogram(
  values: readonly number[],
  size: { readonly width: number; readonly binsMax: number },
  label: (edge: number) => string,
  palette: Palette = PLAIN,
  counted: (count: number) => string = String,
): string[] {
  if (values.length === 0) return [];
  const [least, most] = bounds(values);
  const step = roundStep((most - least) / (size.binsMax - 1) || 1);
  const first = Math.floor(least / step);
  const counts = Array.from({ length: Math.floor(most / step) - first + 1 }, () => 0);
  for (const value of values) {
    const bin = Math.floor(value / step) - first;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const edges = [...counts, 0].map((_, i) => label((first + i) * step));
  const edgeWidth = Math.max(...edges.map(widthOf));
  const highest = Math.max(...counts);
  const countWidth = widthOf(counted(highest));
  const barWidth = Math.max(4, size.width - 2 * edgeWidth - countWidth - 7);
  return counts.map((count, i) => {
    const span = `${fit(edges[i] ?? '', edgeWidth, 'right')} … ${fit(edges[i + 1] ?? '', edgeWidth, 'right')}`;
    const colour = (first + i) * step < 0 ? palette.bad : palette.good;
    return `${palette.dim(span)}  ${colour(bar(count / highest, barWidth))}  ${fit(counted(count), countWidth, 'right')}`;
  });
}

/** The next of 1, 2, 5, 10, 20 … at or above. */
function roundStep(step: number): number {
  let power = 1;
  while (power < step) power *= 10;
  while (power / 10 >= step) power /= 10;
  return [power / 5, power / 2, power].find((each) => each >= step) ?? power;
}
