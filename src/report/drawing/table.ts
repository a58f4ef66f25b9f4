/**
 * Tables, and names beside values, in so many columns of a terminal. Nothing is wider than it was told to be, but where a number would be cut.
 */
import { type Palette, PLAIN } from './palette.ts';
import { eachLine, fit, widthOf, wrapped } from './width.ts';

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
