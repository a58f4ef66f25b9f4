/** Curves, bars and histograms drawn with characters: pure functions, lines out. Widths are columns of a terminal. */
import { type Palette, PLAIN } from './palette.ts';
import { fit, widthOf } from './width.ts';

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
