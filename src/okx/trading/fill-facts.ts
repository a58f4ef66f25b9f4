/**
 * What a fill says, pushed or listed, and why there is one that no order of ours asked for. Source: okx-v5.md §1.8, §2, §3.5.
 *
 * A fee, negative on the wire where it is charged, is positive where we paid it. A size off the lot grid, a fee in another coin and long/short mode are
 * payload faults.
 */
import type { Filled } from '../../core/event.ts';
import { type Instrument, lotsOf } from '../../core/instrument/instrument.ts';
import { decimal, decimalOf, inStepsOf, negateDecimal, powerOfTen } from '../../core/numbers/decimal.ts';
import { type Money, money, type Side, ticks } from '../../core/numbers/units.ts';
import { inE8, QUOTE } from '../numbers.ts';
import { PayloadError, TwoSidedError } from '../payload-fault.ts';
import type { Fill } from '../wire/fill.ts';
import type { OrderPush, Order as OrderRow } from '../wire/order.ts';

/** What a fill says of itself; whose order it was is known by who asks. */
export type FillFacts = Omit<Filled, 'kind' | 'clientId' | 'cause'>;

/** The fill of a push; `none` where it has none, `incomplete` where it does not say all of it: then REST is asked. */
export function fillOfPush(row: OrderPush, of: Instrument): FillFacts | 'none' | 'incomplete' {
  if (row.fillSz === '' || Number(row.fillSz) === 0) return 'none';
  if (row.fillPx === '' || row.fillFee === undefined || row.fillFee === '' || !isTradeId(row.tradeId))
    return 'incomplete';
  refuseTwoSided(row.instId, row.posSide);
  return {
    at: Number(row.fillTime === '' ? row.uTime : row.fillTime),
    instId: row.instId,
    tradeId: row.tradeId,
    side: sideOf(row.side),
    ...tradedOf({ ...row, fillPx: row.fillPx }, of, feePaid(row.fillFee, row.fillFeeCcy ?? row.feeCcy)),
    liquidity: row.execType === 'M' ? 'maker' : 'taker',
  };
}

/** What names the fill of a row. One without a trade id of its own (liquidations, okx-v5.md §2) is known by its bill. */
export function fillName(row: Pick<Fill, 'instId' | 'tradeId' | 'billId'>): Pick<FillFacts, 'instId' | 'tradeId'> {
  return { instId: row.instId, tradeId: isTradeId(row.tradeId) ? row.tradeId : `bill${row.billId}` };
}

/** A row of trade/fills. */
export function fillOfRow(row: Fill, of: Instrument): FillFacts {
  refuseTwoSided(row.instId, row.posSide ?? 'net');
  return {
    at: Number(row.fillTime === undefined || row.fillTime === '' ? row.ts : row.fillTime),
    ...fillName(row),
    side: sideOf(row.side),
    ...tradedOf(row, of, feePaid(row.fee, row.feeCcy)),
    liquidity: row.execType === 'M' ? 'maker' : 'taker',
  };
}

/** Size, price and fee; what lies between two ticks is paid, or saved, as part of the fee. */
function tradedOf(
  { fillSz, fillPx, side }: Pick<OrderPush, 'fillSz' | 'side'> & Pick<Fill, 'fillPx'>,
  of: Instrument,
  fee: Money,
): Pick<FillFacts, 'sizeLots' | 'priceTicks' | 'fee'> {
  const sizeLots = lotsOf(of, fillSz);
  const price = decimal(fillPx);
  const { steps, isBetween } = inStepsOf(price, of.tickSize, 'nearest');
  const priceTicks = ticks(Number(steps));
  if (!isBetween) return { sizeLots, priceTicks, fee };
  const places = Math.max(price.scale, of.tickSize.scale);
  const beside =
    price.units * powerOfTen(places - price.scale) - steps * of.tickSize.units * powerOfTen(places - of.tickSize.scale);
  const { units, scale } = of.coinsPerLot;
  const costs = decimalOf(BigInt(sideOf(side) * sizeLots) * beside * units, places + scale);
  return { sizeLots, priceTicks, fee: money(fee + inE8(costs, 'up')) };
}

/** Liquidations push "0" or nothing (U9): such an id names no trade. */
function isTradeId(text: string): boolean {
  return text !== '' && text !== '0';
}

/** Paid by us: OKX writes what it charges as negative. Finer than 10⁻⁸ it is rounded up. @throws {PayloadError} in another coin */
export function feePaid(fee: string, coin: string): Money {
  if (fee === '') return money(0n);
  const paid = decimal(fee);
  if (paid.units !== 0n && coin !== QUOTE)
    throw new PayloadError(`a fee of ${fee} ${coin}: only ${QUOTE} can be booked`);
  return money(inE8(negateDecimal(paid), 'up'));
}

function sideOf(side: 'buy' | 'sell'): Side {
  return side === 'buy' ? 1 : -1;
}

function refuseTwoSided(instId: string, posSide: string): void {
  if (posSide === 'long' || posSide === 'short') throw new TwoSidedError('an order', instId, posSide);
}

/** Why a fill happened that no order of ours asked for. */
export function foreignCause(
  category: OrderRow['category'],
  subType: string | undefined,
): Exclude<Filled['cause'], 'order'> {
  if (category === 'full_liquidation' || category === 'partial_liquidation') return 'liquidation';
  if (category === 'adl') return 'adl';
  const kind = Number(subType ?? '');
  if (kind >= 100 && kind <= 107) return 'liquidation';
  if (kind >= 125 && kind <= 128) return 'adl';
  return 'foreign';
}
