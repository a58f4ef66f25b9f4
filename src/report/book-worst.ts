/** The worst case of a book (core/ladder/worst-case.ts) as plain decimals, as a table and as one line. */

import { coinOf, moneyOf, moneyText, priceText } from '../core/instrument/instrument.ts';
import type { BookWorstCase, LadderWorstCase } from '../core/ladder/worst-case.ts';
import { type Decimal, decimal, formatDecimal, formatUnits } from '../core/numbers/decimal.ts';
import { type SideName, sideName } from '../core/numbers/units.ts';
import { type Palette, PLAIN } from './drawing/palette.ts';
import { table } from './drawing/table.ts';
import { decimalShown, moneyShown } from './words/numbers.ts';
import type { ReportTexts } from './words/texts.ts';

/** Amounts in USDT, losses positive. */
export interface BookWorst {
  /** Everything filled that may come, at cost, and its margin. */
  readonly value: string;
  readonly margin: string;
  /** Then every stop is hit. */
  readonly stopped: Loss;
  /** Or every market moves so many ATR against us at once. */
  readonly shocked: Loss & { readonly atr: string };
  readonly nearestLiquidation: Liquidation | null;
  readonly ladders: readonly LadderWorst[];
}

interface Loss {
  readonly loss: string;
  /** Of the balance. */
  readonly percent: string;
}

interface Liquidation {
  readonly symbol: string;
  readonly side: SideName;
  readonly price: string;
  /** How far that is from the mark. */
  readonly percent: string;
}

export interface LadderWorst {
  readonly symbol: string;
  readonly side: SideName;
  readonly value: string;
  /** Null while the leverage is not known. */
  readonly margin: string | null;
  readonly stopped: string;
  readonly shocked: string;
  readonly isLiquidatedFirst: boolean;
  readonly liquidation: string | null;
  readonly liquidationPercent: string | null;
}

/** `balance` in 10⁻⁸ USDT; `shockAtr` as the policy has it. */
export function bookWorst(worst: BookWorstCase, balance: bigint, shockAtr: Decimal): BookWorst {
  const lossOf = (units: number): Loss => ({ loss: usdt(units), percent: percentOfBalance(units, balance) });
  const { nearest } = worst;
  return {
    value: usdt(worst.valueUnits),
    margin: usdt(worst.marginUnits),
    stopped: lossOf(worst.stoppedUnits),
    shocked: { atr: formatDecimal(shockAtr), ...lossOf(worst.shockedUnits) },
    nearestLiquidation:
      nearest === undefined
        ? null
        : {
            symbol: nearest.instrument.instId,
            side: sideName(nearest.side),
            price: liquidationPrice(nearest) ?? '0',
            percent: liquidationPercent(nearest) ?? '0',
          },
    ladders: worst.ladders.map(ladderWorst),
  };
}

export function ladderWorst(ladder: LadderWorstCase): LadderWorst {
  return {
    symbol: ladder.instrument.instId,
    side: sideName(ladder.side),
    value: usdt(ladder.valueUnits),
    margin: ladder.marginUnits === undefined ? null : usdt(ladder.marginUnits),
    stopped: usdt(ladder.stoppedUnits),
    shocked: usdt(ladder.shockedUnits),
    isLiquidatedFirst: ladder.isLiquidatedFirst,
    liquidation: liquidationPrice(ladder),
    liquidationPercent: liquidationPercent(ladder),
  };
}

function usdt(units: number): string {
  return moneyText(BigInt(Math.ceil(units)));
}

/** To the nearest, as the amount beside it is shown. */
function percentOfBalance(units: number, balance: bigint): string {
  return balance > 0n ? formatUnits((BigInt(Math.ceil(units)) * 20_000n + balance) / (2n * balance), 2) : '0';
}

/** The tick at which it happens: the nearer one. */
function liquidationPrice({ instrument, side, liquidationTicks }: LadderWorstCase): string | null {
  if (liquidationTicks === undefined) return null;
  return priceText(instrument, side === 1 ? Math.ceil(liquidationTicks) : Math.floor(liquidationTicks));
}

function liquidationPercent({ liquidationShare }: LadderWorstCase): string | null {
  return liquidationShare === undefined ? null : formatUnits(BigInt(Math.floor(liquidationShare * 10_000)), 2);
}

/** A row a ladder, and what they are together; nothing where nothing is open or on its way. */
export function worstTable(
  { ladders, value, margin, stopped, shocked }: BookWorst,
  {
    texts,
    width,
    palette = PLAIN,
  }: { readonly texts: ReportTexts; readonly width: number; readonly palette?: Palette },
): string[] {
  if (ladders.length === 0) return [];
  const { worst } = texts;
  const money = (text: string | null) => (text === null ? texts.none : moneyShown(units(text), texts));
  const lost = (text: string) => palette.bad(`−${money(text)}`);
  const rows = ladders.map((ladder, at) => [
    // An entry that is half filled is two: the position, and what may still come.
    ladder.symbol === ladders[at - 1]?.symbol ? `  ${worst.rest}` : ladder.symbol,
    texts.sides[ladder.side],
    money(ladder.value),
    money(ladder.margin),
    `${lost(ladder.stopped)}${ladder.isLiquidatedFirst ? '*' : ''}`,
    lost(ladder.shocked),
    ladder.liquidationPercent === null
      ? texts.none
      : `${decimalShown(ladder.liquidationPercent, texts)} ${texts.percent}`,
  ]);
  const total = [worst.together, '', money(value), money(margin), lost(stopped.loss), lost(shocked.loss), ''];
  return table(
    [
      { title: texts.symbol, align: 'left' },
      { title: worst.side, align: 'left' },
      { title: texts.value, align: 'right' },
      { title: worst.margin, align: 'right' },
      { title: worst.stopped, align: 'right' },
      { title: worst.shocked(decimalShown(shocked.atr, texts)), align: 'right' },
      { title: worst.toLiquidation, align: 'right' },
    ],
    ladders.length === 1 ? rows : [...rows, total],
    width,
    palette,
  );
}

/** `worst case −12.34 (1.23 %)`, and the like: for a line that has room for some of them. */
export function worstParts(
  { stopped, shocked, margin, nearestLiquidation }: BookWorst,
  texts: ReportTexts,
  palette: Palette,
): string[] {
  const { worst } = texts;
  const lost = ({ loss, percent }: Loss) =>
    loss === '0'
      ? texts.none
      : `${palette.bad(`−${moneyShown(units(loss), texts)}`)} (${decimalShown(percent, texts)} ${texts.percent})`;
  return [
    `${worst.case} ${lost(stopped)}`,
    `${worst.shocked(decimalShown(shocked.atr, texts))} ${lost(shocked)}`,
    ...(nearestLiquidation === null
      ? []
      : [
          `${worst.nearest} ${coinOf(nearestLiquidation.symbol)} ${decimalShown(nearestLiquidation.percent, texts)} ${texts.percent}`,
        ]),
    ...(margin === '0' ? [] : [`${worst.margin} ${moneyShown(units(margin), texts)}`]),
  ];
}

function units(text: string): bigint {
  return moneyOf(decimal(text));
}
