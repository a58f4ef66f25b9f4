/**
 * The governors' one door: what acts without a person reaches entries, rungs, exits and pauses through here alone. Source: rules.md §6.
 *
 * Each governor is a file beside this one: pure, fed by events, off where `policy.governors` lacks it, bounded by its numbers, alive after a
 * restart (state.ts is saved with the registry), and explaining each change as a `governed` decision.
 *
 * The order in which they meet, for an entry or a rung:
 * 1. mode by results (4) says which signals there are; additions without a signal (3) ask for rungs that no signal asked for;
 * 2. `haltOf`: an operator's or the emergency stop's halt, maintenance, an instrument that the exchange does not trade, the day's loss limit (1), a pause (5). Gate `halted` comes before every other;
 * 3. `distanceFactor` (2) multiplies the distances of stop and target, then the stop's floors and `max_loss_per_position` hold: a wider stop
 *    makes the planned base smaller, never the loss larger;
 * 4. `sizeFactor` (1) × the signal's strength multiplies the planned base, at most by 1: never past the plan;
 * 5. every gate of the ladder judges what came out. No governor approves, and none changes a limit.
 * On the way out: `watch` closes everything (5) or calls back what a pause refuses, and re-tunes distances (2, exits.ts `retune`).
 */

import { type Day, wouldBeLost } from '../account/day.ts';
import { untradableText } from '../alert.ts';
import type { GovernedBecause, GovernorName, Halting } from '../decision.ts';
import type { MaintenanceWindow } from '../event.ts';
import { maintenanceOf } from '../instrument/maintenance.ts';
import { MINUTE_MS } from '../market/candle.ts';
import { utcText } from '../market/utc.ts';
import { formatDecimal } from '../numbers/decimal.ts';
import { unrealisedUnits } from '../position/position.ts';
import {
  type AccountUnits,
  accountUnits,
  balanceUnits,
  markTouched,
  type Registry,
  type SymbolState,
} from '../registry.ts';
import { EMERGENCY_STOP, readBook, readExchange } from './emergency-stop.ts';
import { isUnheard, modeOf } from './mode-in-force.ts';
import { beginPauses, isPauseWorthy, pauseOf } from './pause.ts';
import { dayFactor, isDayOver, watchDay } from './size-by-day.ts';

export { DEAD_AFTER_MS, EMERGENCY_STOP, forgetDrawdown, movePeak } from './emergency-stop.ts';
export {
  componentsInForce,
  hearCandle,
  measureClose,
  noteEntry,
  scalperSource,
  voteInForce,
} from './mode-in-force.ts';
export { countClose } from './pause.ts';
export {
  isNews,
  type NextRungPrices,
  nextRungPrices,
  plannedRungPrices,
  rungAsked,
  rungToRest,
} from './rungs-wanted.ts';
export { sizeFactor } from './size-by-day.ts';
export { distanceFactor, retuneRatio, tellDistances, tellRetuning } from './targets-by-volatility.ts';

/**
 * Why nothing may be added: who, and until when; undefined where nothing is in the way.
 * @param filled the account as the order's fill would find it: an order that waits does not wait for the day's loss limit
 */
export function haltOf(
  registry: Registry,
  symbol: SymbolState,
  account: AccountUnits,
  filled = account,
): Halting | undefined {
  // Remembers that the day is lost, unless a halt is in the way already; and that is written down, whether anybody is told or not.
  const { halt, day, isSeeking } = registry;
  if (halt === undefined && !day.lost && !isSeeking && isDayOver(registry, account)) markTouched(registry, symbol);
  return haltingOf(registry, symbol) ?? haltingAt(registry, filled, account);
}

/** As gate `halted` tells it. */
export function haltingText(halting: Halting): string {
  switch (halting.code) {
    case 'pause':
    case 'halt':
      return `${halting.code} by ${halting.by}, until resumed`;
    case 'day-loss':
      return `daily loss limit, until ${utcText(halting.until)}`;
    case 'instrument-stopped':
    case 'instrument-changed':
      return untradableText(halting);
    case 'leaving':
      return 'the bot is being stopped';
    case 'maintenance':
      return `maintenance of the exchange (${halting.title})${halting.until === undefined ? '' : `, until ${utcText(halting.until)}`}`;
    case 'mode-off':
      return 'mode by results: off, until a mode gains again';
    case 'losses-in-a-row':
    case 'turbulence':
      return `pause: ${halting.code}, until ${utcText(halting.until)}`;
  }
}

/** The first of those in the way, as the state stands after the last event. Changes nothing. */
export function haltingOf(registry: Registry, symbol: SymbolState): Halting | undefined {
  const { halt, day } = registry;
  if (registry.leaving) return { code: 'leaving' };
  if (halt !== undefined) return { code: halt.kind, by: halt.by };
  const maintenance = maintenanceOf(registry);
  if (maintenance !== undefined) return maintenanceHalting(maintenance);
  if (symbol.untradable !== undefined) return symbol.untradable.facts;
  if (day.lost) return dayLoss(day);
  if (modeOf(registry, symbol) === 'off') return { code: 'mode-off' };
  return pauseOf(registry, symbol);
}

/** The day's loss limit, where only the fill of an order that waits would find it reached. */
function haltingAt({ day, policy }: Registry, filled: AccountUnits, account: AccountUnits): Halting | undefined {
  const { balance, unrealised } = filled;
  if (unrealised === account.unrealised) return undefined;
  const isLost = wouldBeLost(day, balance, unrealised, policy.limits.dailyLossPercentMax);
  return isLost ? dayLoss(day) : undefined;
}

function dayLoss({ endsAt }: Day): Halting {
  return { code: 'day-loss', until: endsAt };
}

function maintenanceHalting({ title, end }: MaintenanceWindow): Halting {
  return { code: 'maintenance', title, ...(end === undefined ? {} : { until: end }) };
}

/** The day's loss, looked at where a trade has ended or the exchange was read: nothing is judged then. */
export function watchDayNow(registry: Registry): void {
  if (registry.day.lost || registry.isSeeking) return;
  let equity = balanceUnits(registry);
  for (const { position, instrument, markTicks } of registry.symbols)
    if (position !== undefined && markTicks !== 0) equity += unrealisedUnits(position.holding, instrument, markTicks);
  watchDay(registry, equity);
}

/** What the caller is to do: close the book, or call back what would still grow. */
export type Watched = 'none' | 'recall-symbol' | 'recall-all' | 'flatten';

/** Looks at the market and the book after a candle, price or close of this symbol. */
export function watch(registry: Registry, symbol: SymbolState): Watched {
  const { pause } = registry.policy.governors;
  if (pause === undefined) return 'none';
  if (readBook(registry, pause)) return 'flatten';
  if (!isPauseWorthy(registry, pause, symbol)) return 'none';
  const called = beginPauses(registry, pause, symbol);
  return called === 'none' ? 'none' : called === 'all' ? 'recall-all' : 'recall-symbol';
}

/** Looks at the book alone, after a candle of a symbol of which nothing is open. */
export function watchBook(registry: Registry): Watched {
  const { pause } = registry.policy.governors;
  return pause !== undefined && readBook(registry, pause) ? 'flatten' : 'none';
}

/** Whether the book, read at every candle, goes on saying what it said. */
export function isBookAsRead(registry: Registry): boolean {
  const { pause } = registry.policy.governors;
  return pause === undefined || (registry.isBookStill && pause.readingEveryMs <= MINUTE_MS);
}

/** Whether a candle of this symbol, closed at `at` with no position open, is nothing to any governor but for the book's reading. */
export function isUnmoved(registry: Registry, symbol: SymbolState, at: number): boolean {
  const { pause } = registry.policy.governors;
  return (pause === undefined || !isPauseWorthy(registry, pause, symbol)) && isUnheard(symbol, at);
}

/** Looks at the balance that a whole reading of the exchange has said. */
export function watchExchange(registry: Registry, balance: bigint): Watched {
  const { pause } = registry.policy.governors;
  return pause !== undefined && readExchange(registry, pause, balance) ? 'flatten' : 'none';
}

/** What a governor does now, for who looks on: `status`, the demo's view. */
export interface Governing {
  readonly governor: GovernorName;
  /** Undefined: everything. */
  readonly instId: string | undefined;
  /** A factor, `paused` or `halted`. */
  readonly effect: string;
  readonly because: GovernedBecause['code'] | undefined;
  /** Undefined: until things change, or a person resumes. */
  readonly until: number | undefined;
}

/** Every governor that makes a difference now. Changes nothing. */
export function governing(registry: Registry): Governing[] {
  const { policy, day, halt } = registry;
  const { sizeByDay } = policy.governors;
  const acting: Governing[] = [];
  if (halt?.by === EMERGENCY_STOP) acting.push(acts('pause', undefined, 'halted', 'drawdown', undefined));
  if (day.lost) acting.push(acts('size-by-day', undefined, 'halted', 'day-pnl', day.endsAt));
  else if (sizeByDay !== undefined) {
    const factor = formatDecimal(dayFactor(sizeByDay, registry, accountUnits(registry)));
    if (factor !== '1') acting.push(acts('size-by-day', undefined, factor, 'day-pnl', day.endsAt));
  }
  for (const symbol of registry.symbols) {
    const mode = modeOf(registry, symbol);
    if (mode === undefined || symbol.governors.mode?.switchedAt === undefined) continue;
    acting.push(acts('mode-by-results', symbol.instrument.instId, mode, 'mode-results', undefined));
  }
  const told = new Set<string>();
  for (const symbol of registry.symbols) {
    const pause = pauseOf(registry, symbol);
    if (pause === undefined || told.has(String(pause.instId))) continue;
    told.add(String(pause.instId));
    acting.push(acts('pause', pause.instId, 'paused', pause.code, pause.until));
  }
  return acting;
}

function acts(
  governor: GovernorName,
  instId: string | undefined,
  effect: string,
  because: GovernedBecause['code'],
  until: number | undefined,
): Governing {
  return { governor, instId, effect, because, until };
}
