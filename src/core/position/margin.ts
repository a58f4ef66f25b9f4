/**
 * Margin, liquidation and break-even of a linear USDT swap: each formula once, for planner, gates, simulator, paper exchange and page.
 *
 * Written over `Arithmetic<N>`: exact in fractions, quick in doubles. Units are the caller's, as long as they agree: `quantity` × price is
 * the unit of `cost` and `margin`. So coins and USDT per coin give USDT; lots × moneyPerTickLot and ticks give 10⁻⁸ USDT.
 * Source: okx-v5.md §2, checked there against recorded positions. All risk uses the mark price, never the last.
 */
import type { Arithmetic } from '../numbers/arithmetic.ts';
import { decimal } from '../numbers/decimal.ts';
import type { Side } from '../numbers/units.ts';

/** An open position in isolated margin. `cost` is quantity × average entry. */
export interface IsolatedPosition<N> {
  readonly side: Side;
  readonly quantity: N;
  readonly cost: N;
  readonly margin: N;
}

/** Shares of the value: 0.004 maintenance of the tier, 0.0005 for the taker who closes. */
export interface CloseRates<N> {
  readonly maintenance: N;
  readonly closingFee: N;
}

/**
 * The mark price at which margin and unrealised result just cover maintenance and the closing fee: `marginRatio` is 1 there.
 *
 * (cost − s·margin) / (quantity·(1 − s·(maintenance + closing fee))); zero or less for a long that cannot be liquidated.
 * @throws {RangeError} where the quantity is zero.
 */
export function liquidationPrice<N>(m: Arithmetic<N>, position: IsolatedPosition<N>, rates: CloseRates<N>): N {
  const share = m.plus(rates.maintenance, rates.closingFee);
  const long = position.side === 1;
  const over = long ? m.minus(position.cost, position.margin) : m.plus(position.cost, position.margin);
  return m.over(over, m.times(position.quantity, long ? m.minus(m.one, share) : m.plus(m.one, share)));
}

/** The liquidation price of a position with exactly its initial margin: average × (1 − s/leverage) / (1 − s·(maintenance + closing fee)). */
export function plannedLiquidationPrice<N>(
  m: Arithmetic<N>,
  side: Side,
  average: N,
  leverage: N,
  rates: CloseRates<N>,
): N {
  return liquidationPrice(
    m,
    { side, quantity: m.one, cost: average, margin: initialMargin(m, average, leverage) },
    rates,
  );
}

/** The liquidation price as OKX displays it: one tick towards the market (recorded since 2023; vectors 1, 2 and 4). */
export function shownLiquidationPrice<N>(m: Arithmetic<N>, liquidation: N, side: Side, tick: N): N {
  return side === 1 ? m.plus(liquidation, tick) : m.minus(liquidation, tick);
}

/** The price at which nothing is left of the margin: cost − s·margin, per unit. A liquidated position is taken over here. */
export function bankruptcyPrice<N>(m: Arithmetic<N>, position: IsolatedPosition<N>): N {
  const { side, quantity, cost, margin } = position;
  return m.over(side === 1 ? m.minus(cost, margin) : m.plus(cost, margin), quantity);
}

/** A leverage as the rules' number: one that a person has set may be no whole one. */
export function leverageIn<N>(m: Arithmetic<N>, leverage: number): N {
  return Number.isInteger(leverage) ? m.whole(leverage) : m.of(decimal(String(leverage)));
}

/** Margin of a fresh isolated position: its cost over the leverage. The opening fee is not taken from it. */
export function initialMargin<N>(m: Arithmetic<N>, cost: N, leverage: N): N {
  return m.over(cost, leverage);
}

/** What the exchange wants to keep: the tier's rate of the value at mark. */
export function maintenanceMargin<N>(m: Arithmetic<N>, value: N, maintenance: N): N {
  return m.times(value, maintenance);
}

/** Unrealised result: s·(value at mark − cost). */
export function unrealised<N>(m: Arithmetic<N>, side: Side, cost: N, value: N): N {
  return side === 1 ? m.minus(value, cost) : m.minus(cost, value);
}

/** Unrealised result as a share of the initial margin, OKX's `uplRatio`: 0.05 is 5 %. */
export function unrealisedRatio<N>(m: Arithmetic<N>, side: Side, cost: N, value: N, leverage: N): N {
  return m.over(m.times(unrealised(m, side, cost, value), leverage), cost);
}

/** (margin + unrealised) / (maintenance + closing fee), OKX's `mgnRatio`: 6.06 is 606 %; the position is liquidated at 1 and below. */
export function marginRatio<N>(m: Arithmetic<N>, position: IsolatedPosition<N>, value: N, rates: CloseRates<N>): N {
  const equity = m.plus(position.margin, unrealised(m, position.side, position.cost, value));
  return m.over(equity, m.plus(maintenanceMargin(m, value, rates.maintenance), m.times(value, rates.closingFee)));
}

/** The price that pays both fees: average × (1 + s·fee) / (1 − s·fee), the taker's rate at both ends. */
export function breakEvenPrice<N>(m: Arithmetic<N>, side: Side, average: N, fee: N): N {
  const more = m.plus(m.one, fee);
  const less = m.minus(m.one, fee);
  return side === 1 ? m.over(m.times(average, more), less) : m.over(m.times(average, less), more);
}

/** Funding received at a settlement, negative where paid: −s·value at mark·rate. A positive rate is paid by longs. */
export function fundingReceived<N>(m: Arithmetic<N>, side: Side, value: N, rate: N): N {
  const paid = m.times(value, rate);
  return side === 1 ? m.minus(m.zero, paid) : paid;
}

/**
 * `uplRatio` in doubles, in the order in which OKX computes it: (mark / average − 1) × leverage loses digits that the exact ratio keeps,
 * and its last shown digits are those (vectors 1–3). For display and the paper exchange; rules use `unrealisedRatio`.
 */
export function shownUnrealisedRatio(side: Side, average: number, mark: number, leverage: number): number {
  return side * (mark / average - 1) * leverage;
}

/**
 * `mgnRatio` in doubles, in an order that gives the last digits OKX showed (vectors 1 and 2: 4·10⁻¹⁵ from the exact ratio).
 * `quantity` in coins, `margin` in USDT. For display and the paper exchange; rules use `marginRatio`.
 */
export function shownMarginRatio(
  position: Omit<IsolatedPosition<number>, 'cost'>,
  average: number,
  mark: number,
  rates: CloseRates<number>,
): number {
  const { side, quantity, margin } = position;
  return (margin + side * quantity * (mark - average)) / ((rates.maintenance + rates.closingFee) * (quantity * mark));
}

/** A double as OKX writes it: shortest digits that name it, at most 16 places, no exponent, no trailing zeros. */
export function shownText(value: number): string {
  const plain = String(value);
  const places = plain.length - plain.indexOf('.') - 1;
  if (!plain.includes('e') && (!plain.includes('.') || places <= 16)) return plain;
  const text = value.toFixed(16).replace(/0+$/, '').replace(/\.$/, '');
  return text === '-0' ? '0' : text;
}
