/**
 * A captured terminal as an SVG, for README: `tmux capture-pane -e -p | node scripts/terminal-svg.ts 100 "title" > docs/demo.svg`.
 *
 * Text keeps its columns in any font (each run is stretched to its width); blocks and braille are drawn, so that bars and curves have no gaps.
 */
import { text } from 'node:stream/consumers';

const CELL = { width: 8.4, height: 18, font: 14 } as const;
const MARGIN = 16;
const BAR_HEIGHT = 30;
const COLOURS: Readonly<Record<string, string>> = {
  plain: '#d6dbe5',
  '31': '#ff7b72',
  '32': '#56d364',
  '33': '#e3b341',
  '36': '#58c4dc',
};
const DIM = '#7d8796';
const GROUND = '#12161d';
const SHADE = '#353c48';

interface Style {
  readonly colour: string;
  readonly isBold: boolean;
}

interface Cell extends Style {
  readonly character: string;
}

/** @param ansi lines with colours (SGR) only. @returns the picture */
export function terminalSvg(ansi: string, columns: number, title: string): string {
  const rows = rowsOf(ansi.replace(/\n+$/, ''));
  const width = MARGIN * 2 + columns * CELL.width;
  const height = BAR_HEIGHT + MARGIN + rows.length * CELL.height;
  const body = rows.flatMap((cells, row) => rowShapes(cells, BAR_HEIGHT + row * CELL.height));
  const lights = ['#ff5f57', '#febc2e', '#28c840'].map(
    (colour, i) => `<circle cx="${MARGIN + 4 + i * 18}" cy="15" r="5.5" fill="${colour}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<rect width="${width}" height="${height}" rx="9" fill="${GROUND}"/>`,
    ...lights,
    `<text x="${width / 2}" y="20" text-anchor="middle" fill="${DIM}" font-family="sans-serif" font-size="12">${escaped(title)}</text>`,
    `<g font-family="ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="${CELL.font}" xml:space="preserve">`,
    ...body,
    '</g></svg>',
    '',
  ].join('\n');
}

const SGR = new RegExp(`${String.fromCharCode(27)}\\[([0-9;]*)m`, 'y');

/** A style holds until the next one, past the end of a line too: so tmux writes it. */
function rowsOf(ansi: string): Cell[][] {
  let cells: Cell[] = [];
  const rows = [cells];
  let style: Style & { readonly isDim: boolean } = { colour: COLOURS['plain'] ?? '', isBold: false, isDim: false };
  for (let at = 0; at < ansi.length; ) {
    SGR.lastIndex = at;
    const found = SGR.exec(ansi);
    if (found !== null) {
      for (const code of (found[1] ?? '').split(';')) style = styled(style, code);
      at = SGR.lastIndex;
      continue;
    }
    const character = String.fromCodePoint(ansi.codePointAt(at) ?? 32);
    at += character.length;
    if (character === '\n') rows.push((cells = []));
    else cells.push({ character, isBold: style.isBold, colour: style.isDim ? DIM : style.colour });
  }
  return rows;
}

function styled<S extends Style & { readonly isDim: boolean }>(style: S, code: string) {
  const plain = COLOURS['plain'] ?? '';
  switch (code) {
    case '':
    case '0':
      return { colour: plain, isBold: false, isDim: false };
    case '1':
      return { ...style, isBold: true };
    case '2':
      return { ...style, isDim: true };
    case '22':
      return { ...style, isBold: false, isDim: false };
    case '39':
      return { ...style, colour: plain };
    default:
      return { ...style, colour: COLOURS[code] ?? style.colour };
  }
}

function rowShapes(cells: readonly Cell[], top: number): string[] {
  const shapes: string[] = [];
  // Columns of a curve stand on each other's ground; bars keep a little air between the lines.
  const air = cells.some(({ character }) => character >= '▁' && character <= '▇') ? 0 : 3;
  for (let from = 0; from < cells.length; ) {
    const first = cells[from] as Cell;
    const drawn = drawnShape(first, from, top, air);
    if (drawn !== undefined) {
      shapes.push(drawn);
      from += 1;
      continue;
    }
    let to = from + 1;
    while (to < cells.length && isAlike(first, cells[to] as Cell)) to += 1;
    const run = cells.slice(from, to).map(({ character }) => character);
    if (run.some((character) => character !== ' ')) shapes.push(textShape(run.join(''), first, from, top));
    from = to;
  }
  return shapes.filter((shape) => shape !== '');
}

function isAlike(a: Cell, b: Cell): boolean {
  return a.colour === b.colour && a.isBold === b.isBold && drawnShape(b, 0, 0, 0) === undefined;
}

function textShape(run: string, { colour, isBold }: Style, column: number, top: number): string {
  const from = run.length - run.trimStart().length;
  const shown = run.trim();
  const x = MARGIN + (column + from) * CELL.width;
  const weight = isBold ? ' font-weight="bold"' : '';
  const length = (shown.length * CELL.width).toFixed(1);
  return `<text x="${x.toFixed(1)}" y="${top + 13}" fill="${colour}"${weight} textLength="${length}" lengthAdjust="spacingAndGlyphs">${escaped(shown)}</text>`;
}

/** Bars from the left, columns from below, lines and dots; undefined for what is text. */
function drawnShape({ character, colour }: Cell, column: number, top: number, air: number): string | undefined {
  const code = character.codePointAt(0) ?? 0;
  const x = MARGIN + column * CELL.width;
  const { width, height } = CELL;
  const tall = height - 2 * air;
  if (code >= 0x2581 && code <= 0x2588) {
    const part = ((code - 0x2580) / 8) * tall;
    return rect(x, top + air + tall - part, width, part, colour);
  }
  if (code >= 0x2589 && code <= 0x258f) return rect(x, top + air, ((0x2590 - code) / 8) * width, tall, colour);
  if (code === 0x2591) return rect(x, top + air, width, tall, SHADE);
  if (code === 0x2500) return rect(x, top + height / 2, width, 1, SHADE);
  if (code >= 0x2800 && code <= 0x28ff) return dots(code - 0x2800, x, top, colour);
  return undefined;
}

function rect(x: number, y: number, width: number, height: number, colour: string): string {
  // A hair wider than its cell: neighbours must not show a seam.
  return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(width + 0.3).toFixed(1)}" height="${height.toFixed(1)}" fill="${colour}"/>`;
}

const DOT_BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

function dots(bits: number, x: number, top: number, colour: string): string {
  return DOT_BITS.flatMap((row, r) =>
    row.map((bit, c) =>
      (bits & bit) === 0
        ? ''
        : `<circle cx="${(x + (c + 0.5) * (CELL.width / 2)).toFixed(1)}" cy="${(top + (r + 0.5) * (CELL.height / 4)).toFixed(1)}" r="1.4" fill="${colour}"/>`,
    ),
  ).join('');
}

function escaped(plain: string): string {
  return plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

if (import.meta.main) {
  const [columns = '100', title = ''] = process.argv.slice(2);
  process.stdout.write(terminalSvg(await text(process.stdin), Number(columns), title));
}
