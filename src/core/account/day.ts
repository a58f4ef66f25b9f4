/**
 * The UTC day and its PnL, which sizes and the daily loss limit go by (governors/size-by-day.ts). Source: rules.md §6.1, lessons.md 19 and 25.
 *
 * The day's PnL is what was realised since its first moment, net of fees and funding, and what is unrealised now: open losses count. Once the
 * limit is reached entries and additions halt until the next day; exits go on. A fold of events: it survives a restart.
 *
 * Cash that came or went without a trade is no PnL: the day counts as having begun with it (decision 0026).
 */

import { DAY_MS } from '../market/candle.ts';
import { type Arithmetic, decided, roundedUnits } from '../numbers/arithmetic.ts';
import { type Decimal, formatUnits, HUNDRED } from '../numbers/decimal.ts';

export interface Day {
  /** First millisecond of the day after this one. */
  readonly endsAt: number;
  /** And what has come since, less what has gone, that no trade of the day has brought. */
  firstBalance: bigint;
  /** The limit was reached: it is not taken back within the day. */
  lost: boolean;
  /** What readings of the exchange have changed the balance by, and no fill explains. */
  unexplained: bigint;
}

/** The day that holds `now`, beginning with the balance as it is. */
export function dayOf(now: number, balance: bigint): Day {
  return { endsAt: (Math.floor(now / DAY_MS) + 1) * DAY_MS, firstBalance: balance, lost: false, unexplained: 0n };
}

/** What happened at this time has changed the balance. If that was on a day before, and is told only now, this one counts as having begun with it. */
export function noteChange(day: Day, at: number, change: bigint): void {
  if (at < day.endsAt - DAY_MS) day.firstBalance += change;
}

/**
 * A reading has changed the balance, and no fill explains it. What the day has gained in this way altogether is no PnL; what it has lost is a loss:
 * nobody knows that it was none. So what a late fill explains after all counts once.
 * @returns what of it is no PnL
 */
export function noteUnexplained(day: Day, change: bigint): bigint {
  const before = risen(day);
  day.unexplained += change;
  return risen(day) - before;
}

function risen({ unexplained }: Day): bigint {
  return unexplained > 0n ? unexplained : 0n;
}

/**
 * Looks whether the day's loss has reached the limit, and remembers it.
 * @param unrealisedUnits of everything open, whole 10⁻⁸ USDT
 * @param limitPercent without a sign: 5 is a loss of 5 %
 */
export function isDayLost(day: Day, balance: bigint, unrealisedUnits: number, limitPercent: Decimal): boolean {
  day.lost ||= wouldBeLost(day, balance, unrealisedUnits, limitPercent);
  return day.lost;
}

/** The same of prices that are not there yet: nothing is remembered. */
export function wouldBeLost(day: Day, balance: bigint, unrealisedUnits: number, limitPercent: Decimal): boolean {
  return reaches(dayPnl(day, balance, unrealisedUnits), limitPercent, -1);
}

/** What the day has brought so far and what it began with, whole 10⁻⁸ USDT: doubles where they hold it exactly, for a bigint is dear to ask. */
export interface DayPnl {
  readonly changeUnits: number | bigint;
  readonly firstUnits: number | bigint;
}

/** @param unrealisedUnits of everything open, whole 10⁻⁸ USDT */
export function dayPnl({ firstBalance }: Day, balance: bigint, unrealisedUnits: number): DayPnl {
  const realised = plain(balance - firstBalance);
  const isPlain = typeof realised === 'number' && Math.abs(unrealisedUnits) <= PLAIN_MOST;
  const changeUnits = isPlain ? realised + unrealisedUnits : BigInt(realised) + BigInt(unrealisedUnits);
  return { changeUnits, firstUnits: plain(firstBalance) };
}

/** Half of the safe range: the sum of two such is exact. */
const PLAIN_MOST = 2 ** 52;

function plain(units: bigint): number | bigint {
  const double = Number(units);
  return Math.abs(double) <= PLAIN_MOST ? double : units;
}

/** Whether the day's PnL is at or beyond so many per cent of its first balance: at or below a negative, at or above a positive one. Of nothing none is. */
export function hasDayReached(pnl: DayPnl, percent: Decimal): boolean {
  return reaches(pnl, percent, 1);
}

/** The same for sign × per cent: no decimal is made anew at every question. */
function reaches({ changeUnits, firstUnits }: DayPnl, percent: Decimal, sign: 1 | -1): boolean {
  if (firstUnits <= 0) return false;
  const isLoss = percent.units < 0n ? sign === 1 : sign === -1;
  const reached = <N>(m: Arithmetic<N>): boolean => {
    const share = m.times(m.whole(sign), m.of(percent));
    const line = m.over(m.times(m.whole(firstUnits), share), m.of(HUNDRED));
    const order = m.compare(m.minus(m.whole(changeUnits), line), m.zero);
    return isLoss ? order <= 0 : order >= 0;
  };
  return decided(reached, reached);
}

/** The day's PnL in % of its first balance, floored at 4 places for show; 0 where it began with nothing. */
export function dayPercent(day: Day, balance: bigint, unrealisedUnits: number): string {
  if (day.firstBalance <= 0n) return '0';
  const change = balance - day.firstBalance + BigInt(unrealisedUnits);
  return formatUnits(roundedUnits({ over: change * 100n, under: day.firstBalance }, 4, 'floor'), 4);
}
