/**
 * A ladder as a picture: prices from high to low, each rung a bar as long as its size, and between them the prices that matter
 * (average, break-even, stop, liquidation).
 */
import { bar, fit, type Palette, PLAIN, widthOf } from './draw.ts';
import { decimalShown } from './numbers.ts';
import type { LevelKind, ReportTexts } from './texts.ts';

export interface LadderRung {
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

export interface LadderLevel {
  readonly kind: LevelKind;
  readonly price: string;
}

export interface LadderPicture {
  readonly rungs: readonly LadderRung[];
  readonly levels: readonly LadderLevel[];
}

export interface LadderOptions {
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
  const prices = [...picture.rungs, ...picture.levels].map(({ price }) => decimalShown(price, texts));
  const priceWidth = Math.max(...prices.map(widthOf));
  const names = picture.rungs.map(({ rung }) => (rung === 0 ? texts.entry : `${texts.rung} ${rung}`));
  const nameWidth = Math.max(...names.map(widthOf), ...picture.levels.map(({ kind }) => widthOf(texts.levels[kind])));
  const sizeWidth = Math.max(0, ...picture.rungs.map(({ size }) => widthOf(decimalShown(size, texts))));
  const taken = priceWidth + nameWidth + sizeWidth + 6;
  const barWidth = Math.max(BAR_MIN, Math.min(BAR_MAX, options.width - taken));
  const heaviest = Math.max(...picture.rungs.map(({ weight }) => weight), Number.MIN_VALUE);

  const rungs: Line[] = picture.rungs.map((rung, i) => {
    const shape = bar(rung.weight / heaviest, barWidth);
    const drawn = rung.isFilled ? palette.accent(shape) : palette.dim(shape.replace(/[█▉▊▋▌▍▎▏]/g, '░'));
    const head = `${fit(decimalShown(rung.price, texts), priceWidth, 'right')}  ${fit(names[i] ?? '', nameWidth)}`;
    return {
      price: Number(rung.price),
      text: `${head}  ${drawn}  ${fit(decimalShown(rung.size, texts), sizeWidth, 'right')}`,
    };
  });
  const levels: Line[] = picture.levels.map(({ kind, price }) => {
    const head = `${fit(decimalShown(price, texts), priceWidth, 'right')}  ${fit(texts.levels[kind], nameWidth)}`;
    return { price: Number(price), text: markOf(kind, palette)(`${head}  ${'┄'.repeat(barWidth)}`) };
  });
  return [...rungs, ...levels].toSorted((a, b) => b.price - a.price).map(({ text }) => text);
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
      return (text) => palette.warn(text);
  }
}
