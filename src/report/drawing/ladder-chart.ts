/**
 * A ladder as a picture: prices from high to low, each rung a bar as long as its size, and between them the prices that matter
 * (average, break-even, stop, liquidation).
 */

import { decimalShown } from '../words/numbers.ts';
import type { LevelKind, ReportTexts } from '../words/texts.ts';
import { bar } from './chart.ts';
import { type Palette, PLAIN } from './palette.ts';
import { fit, widthOf } from './width.ts';

interface LadderRung {
  /** 0 is the entry. */
  readonly rung: number;
  /** USDT, as a plain decimal text. */
  readonly price: string;
  /** As it is to be read: contracts, or USDT. */
  readonly size: string;
  /** Size in any unit that the rungs have in common. */
  readonly weight: number;
  readonly isFilled: boolean;
}

interface LadderLevel {
  readonly kind: LevelKind;
  readonly price: string;
}

export interface LadderPicture {
  readonly rungs: readonly LadderRung[];
  readonly levels: readonly LadderLevel[];
}

interface LadderOptions {
  readonly texts: ReportTexts;
  readonly width: number;
  readonly palette?: Palette;
}

interface Line {
  readonly price: number;
  readonly text: string;
}

const BAR_MAX = 40;
const BAR_MIN = 4;

/** Lines from the highest price to the lowest; rungs of one price stand in the order of their numbers. */
export function ladderChart(picture: LadderPicture, options: LadderOptions): string[] {
  const { texts } = options;
  const palette = options.palette ?? PLAIN;
  const { rungs, levels } = picture;
  const prices = aligned(
    [...rungs, ...levels].map(({ price }) => price),
    texts,
  );
  const sizes = aligned(
    rungs.map(({ size }) => size),
    texts,
  );
  const names = [
    ...rungs.map(({ rung }) => (rung === 0 ? texts.entry : `${texts.rung} ${rung}`)),
    ...levels.map(({ kind }) => texts.levels[kind]),
  ];
  const nameWidth = Math.max(...names.map(widthOf));
  const heads = names.map((name, i) => `${prices[i]}  ${fit(name, nameWidth)}`);
  const taken = widthOf(heads[0] ?? '') + widthOf(sizes[0] ?? '') + 4;
  const barWidth = Math.max(BAR_MIN, Math.min(BAR_MAX, options.width - taken));
  const heaviest = Math.max(...rungs.map(({ weight }) => weight), Number.MIN_VALUE);

  const lines: Line[] = rungs.map((rung, i) => {
    const share = rung.weight / heaviest;
    const drawn = rung.isFilled
      ? palette.accent(bar(share, barWidth))
      : palette.dim('░'.repeat(Math.round(share * barWidth)).padEnd(barWidth));
    return { price: Number(rung.price), text: `${heads[i]}  ${drawn}  ${sizes[i]}` };
  });
  for (const [i, { kind, price }] of levels.entries()) {
    const text = `${heads[rungs.length + i]}  ${'┄'.repeat(barWidth)}`;
    lines.push({ price: Number(price), text: markOf(kind, palette)(text) });
  }
  return lines.toSorted((a, b) => b.price - a.price).map(({ text }) => text);
}

/** Decimal texts with their points under each other. */
function aligned(decimals: readonly string[], texts: ReportTexts): string[] {
  const places = (text: string) => text.split('.')[1]?.length ?? 0;
  const most = Math.max(0, ...decimals.map(places));
  const shown = decimals.map((text) =>
    decimalShown(
      most === 0 ? text : `${text}${text.includes('.') ? '' : '.'}${'0'.repeat(most - places(text))}`,
      texts,
    ),
  );
  const width = Math.max(0, ...shown.map(widthOf));
  return shown.map((text) => fit(text, width, 'right'));
}

function markOf(kind: LevelKind, palette: Palette): (text: string) => string {
  switch (kind) {
    case 'stop':
    case 'liquidation':
      return (text) => palette.bad(text);
    case 'target':
    case 'break-even':
      return (text) => palette.good(text);
    case 'average':
      return (text) => palette.strong(text);
    case 'mark':
    case 'exit':
      return (text) => palette.warn(text);
  }
}
