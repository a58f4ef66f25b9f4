/**
 * The UTC day and what it has lost: the daily loss limit of gate 1. Source: rules.md §6.1, lessons.md 19 and 25.
 *
 * The day's PnL is what was realised since its first moment, net of fees and funding, and what is unrealised now: open losses count. Once the
 * limit is reached entries and additions halt until the next day; exits go on. A fold of events: it survives a restart.
 */
import { type Arithmetic, decided } from './arithmetic.ts';
import { type Decimal, decimalOf } from './decimal.ts';

const DAY_MS = 86_400_000;
const HUNDRED = decimalOf(100n, 0);

export interface Day {
  /** First millisecond of the day after this one. */
  readonly endsAt: number;
  readonly firstBalance: bigint;
  /** The limit was reached: it is not taken back within the day. */
  lost: boolean;
}

/** The day that holds `now`, beginning with the balance as it is. */
export function dayOf(now: number, balance: bigint): Day {
  return { endsAt: (Math.floor(now / DAY_MS) + 1) * DAY_MS, firstBalance: balance, lost: false };
}

/**
 * Looks whether the day's loss has reached the limit, and remembers it.
 * @param unrealisedUnits of everything open, whole 10⁻⁸ USDT
 */
export function isDayLost(day: Day, balance: bigint, unrealisedUnits: number, limitPercent: Decimal): boolean {
  if (day.lost) return true;
  const reached = <N>(m: Arithmetic<N>): boolean => {
    const change = m.plus(m.whole(balance - day.firstBalance), m.whole(unrealisedUnits));
    const limit = m.over(m.times(m.whole(day.firstBalance), m.of(limitPercent)), m.of(HUNDRED));
    return m.compare(m.plus(change, limit), m.zero) <= 0;
  };
  day.lost = decided(reached, reached);
  return day.lost;
}
