/** What the account holds: a position, and money. Source: okx-v5.md §1.7, §2. */
import type { BesideGrid, CrossPosition, PositionReading } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import {
  addDecimals,
  decimal,
  decimalOf,
  formatDecimal,
  multiplyDecimals,
  negateDecimal,
} from '../../core/numbers/decimal.ts';
import { type Money, money, sideName } from '../../core/numbers/units.ts';
import { inE8, orZero, QUOTE, wholeLots } from '../numbers.ts';
import { PayloadError, TwoSidedError } from '../payload-fault.ts';
import type { Balance } from '../wire/balance.ts';
import type { Position } from '../wire/position.ts';

/** A position that is not flat: its whole lots, where there are any, and what it holds beside them. One with cross margin is none of ours. */
interface PositionRead {
  readonly position?: PositionReading | undefined;
  readonly besideGrid?: BesideGrid | undefined;
  readonly crossMargin?: CrossPosition;
}

/** An open position; undefined where it is flat. @throws {PayloadError} in long/short mode */
export function positionOf(row: Position, of: Instrument): PositionRead | undefined {
  const pos = decimal(row.pos);
  if (pos.units === 0n) return undefined;
  if (row.posSide !== 'net') throw new TwoSidedError('a position', row.instId, row.posSide);
  const side = pos.units > 0n ? 1 : -1;
  const contracts = row.pos.replace('-', '');
  if (row.mgnMode === 'cross') return { crossMargin: { instId: row.instId, side: sideName(side), contracts } };
  const { lots: size, beside } = wholeLots(of, contracts);
  const leverage = Number(row.lever);
  if (row.lever === '' || !(leverage > 0)) throw new PayloadError(`${row.instId}: a position without leverage`);
  const { instId } = row;
  return {
    position:
      size === 0 ? undefined : { instId, signedLots: side * size, costUnits: costUnits(row, size, of), leverage },
    besideGrid:
      beside.units === 0n ? undefined : { instId, contracts: formatDecimal(beside), lot: formatDecimal(of.lotSize) },
  };
}

/** Average price × size; the average has more digits than a price and is rounded to whole 10⁻⁸ USDT with it. */
function costUnits(row: Position, size: number, of: Instrument): number {
  if (row.avgPx === '') throw new PayloadError(`${row.instId}: a position without average price`);
  const coins = multiplyDecimals(of.coinsPerLot, decimalOf(BigInt(size), 0));
  const cost = multiplyDecimals(decimal(row.avgPx), coins);
  const units = Number(inE8(cost, 'nearest'));
  if (!Number.isSafeInteger(units))
    throw new PayloadError(`${row.instId}: the value of the position is past the safe range`);
  return units;
}

/** Equity without unrealised PnL, and what can be used for new margin. An account without USDT has neither. */
export function balanceOf(row: Balance): { readonly balance: Money; readonly available: Money } {
  const detail = row.details.find(({ ccy }) => ccy === QUOTE);
  if (detail === undefined) return { balance: money(0n), available: money(0n) };
  if (detail.eq === '' || detail.availBal === '') throw new PayloadError('a balance without equity');
  const balance = addDecimals(decimal(detail.eq), negateDecimal(decimal(orZero(detail.upl))));
  return {
    balance: money(inE8(balance, 'nearest')),
    available: money(inE8(decimal(detail.availBal), 'down')),
  };
}
