/**
 * Governor 1: the size by the day's PnL, and the daily loss limit that stands behind it. Source: rules.md §6.1, ladder.md §3.
 *
 * A losing day scales the base of entries and rungs down in steps, a winning one up, never past the plan (plan.ts, `plannedBase`). At the
 * daily loss limit entries and additions halt until the next UTC day; that holds also where this governor is off.
 */
import { dayPercent, dayPnl, hasDayReached, isDayLost } from '../account/day.ts';
import { compareDecimals, type Decimal, decimalOf, formatDecimal } from '../numbers/decimal.ts';
import { decide } from '../orders/orders.ts';
import type { AccountUnits, Registry } from '../registry.ts';
import type { DayStep, SizeByDayPolicy } from './policy.ts';

const ONE = decimalOf(1n, 0);

/**
 * Factor of the base as the day stands now; told where it is another than the last one. Undefined where the governor is off.
 * @param filled the account as the order's fill would find it: then the factor is that of the day as it stands there
 */
export function sizeFactor(registry: Registry, account: AccountUnits, filled: AccountUnits): Decimal | undefined {
  const policy = registry.policy.governors.sizeByDay;
  if (policy === undefined) return undefined;
  const factor = dayFactor(policy, registry, account);
  tell(registry, account, factor === ONE ? '1' : formatDecimal(factor));
  return filled.unrealised === account.unrealised ? factor : dayFactor(policy, registry, filled);
}

/** The factor of the outermost step that the day's PnL has reached, within the bounds; 1 before the first. */
export function dayFactor(
  policy: SizeByDayPolicy,
  { day }: Pick<Registry, 'day'>,
  { balance, unrealised }: Pick<AccountUnits, 'balance' | 'unrealised'>,
): Decimal {
  const pnl = dayPnl(day, balance, unrealised);
  const reached = ({ atPercent }: DayStep) => hasDayReached(pnl, atPercent);
  const step = policy.losses.findLast(reached) ?? policy.gains.findLast(reached);
  return bounded(step?.factor ?? ONE, policy.factorMin, policy.factorMax);
}

function bounded(factor: Decimal, min: Decimal, max: Decimal): Decimal {
  if (compareDecimals(factor, min) < 0) return min;
  return compareDecimals(factor, max) > 0 ? max : factor;
}

function tell(registry: Registry, { balance, unrealised }: AccountUnits, factor: string): void {
  const { size } = registry.governors;
  if (size.told === factor) return;
  decide(registry, {
    kind: 'governed',
    at: registry.now,
    governor: 'size-by-day',
    instId: undefined,
    old: size.told,
    new: factor,
    because: { code: 'day-pnl', percent: dayPercent(registry.day, balance, unrealised) },
    until: factor === '1' ? undefined : registry.day.endsAt,
  });
  size.told = factor;
}

/**
 * Looks whether the day's loss has reached its limit, at a moment at which nothing is judged: a day that has touched it is over, though it recovers
 * before somebody asks (decision 0029). Not while an operator has halted: cash that is moved meanwhile is no loss (decision 0026).
 * @param equityUnits balance and what is unrealised, whole 10⁻⁸ USDT
 */
export function watchDay(registry: Registry, equityUnits: number): void {
  const { day, policy, halt } = registry;
  if (day.lost || halt !== undefined) return;
  const first = Number(day.firstBalance);
  // Far from it there is nothing to reckon exactly.
  if (equityUnits > first - first * (policy.limits.dailyLossPercentMax.approx / 100) * FILTER_SHARE) return;
  isDayOver(registry, { balance: registry.balance, unrealised: Math.round(equityUnits - Number(registry.balance)) });
}

const FILTER_SHARE = 0.999;

/** Whether the day's loss has reached its limit: once it has, until the next UTC day. */
export function isDayOver(
  registry: Registry,
  { balance, unrealised }: Pick<AccountUnits, 'balance' | 'unrealised'>,
): boolean {
  const { day, policy } = registry;
  if (day.lost) return true;
  if (!isDayLost(day, balance, unrealised, policy.limits.dailyLossPercentMax)) return false;
  if (policy.governors.sizeByDay !== undefined)
    decide(registry, {
      kind: 'governed',
      at: registry.now,
      governor: 'size-by-day',
      instId: undefined,
      old: 'trading',
      new: 'halted',
      because: { code: 'day-pnl', percent: dayPercent(day, balance, unrealised) },
      until: day.endsAt,
    });
  return true;
}
