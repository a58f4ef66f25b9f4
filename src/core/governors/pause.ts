/**
 * Governor 5: pauses after losses in a row and in a turbulent market. Source: rules.md §6.5.
 *
 * A pause refuses entries and additions with `halted`; exits go on. So many losses in a row of one symbol pause it, of any symbols all; an ATR%
 * far above its mean pauses the symbol. A repetition of the same cause within a UTC day lasts longer, up to a limit. Losses are counted by the
 * closes, also while recorded rows are folded; a pause itself is decided once and loaded from then on.
 */

import type { GovernedBecause, Pause } from '../decision.ts';
import { MINUTE_MS } from '../market/candle.ts';
import { decide } from '../orders/orders.ts';
import { markTouched, type Registry, type SymbolState } from '../registry.ts';
import type { PausePolicy } from './policy.ts';
import type { PauseCause } from './state.ts';

/** The pause that keeps this symbol from growing for longest; undefined where there is none. */
export function pauseOf(registry: Registry, symbol: SymbolState): Pause | undefined {
  if (registry.policy.governors.pause === undefined) return undefined;
  const { losses, turbulence } = symbol.governors.pause;
  const account = registry.governors.pause.losses;
  const until = Math.max(account.until, losses.until, turbulence.until);
  if (registry.now >= until) return undefined;
  if (until === account.until) return { code: 'losses-in-a-row', instId: undefined, until };
  const { instId } = symbol.instrument;
  return { code: until === losses.until ? 'losses-in-a-row' : 'turbulence', instId, until };
}

/** A position went flat; `net` of costs, in any unit. Counted while the governor is off, too: once it is on again, what it calls a row is one. */
export function countClose(registry: Registry, symbol: SymbolState, net: number): void {
  const ofSymbol = symbol.governors.pause;
  const ofAccount = registry.governors.pause;
  ofSymbol.lossesInARow = net < 0 ? ofSymbol.lossesInARow + 1 : 0;
  ofAccount.lossesInARow = net < 0 ? ofAccount.lossesInARow + 1 : 0;
}

/** Whether there is a reason for a pause; most candles have none, and to ask is all they cost. */
export function isPauseWorthy(registry: Registry, policy: PausePolicy, symbol: SymbolState): boolean {
  return (
    isTurbulent(registry, policy, symbol) ||
    isLosing(symbol.governors.pause, policy.symbol) ||
    isLosing(registry.governors.pause, policy.account)
  );
}

/** By the last candle, unless that is so old that a pause for it would be over: every start tells the minutes of the past. */
function isTurbulent({ now }: Registry, { turbulence }: PausePolicy, { series }: SymbolState): boolean {
  if (!series.isMoreTurbulentThan(turbulence.multiple.approx)) return false;
  return now < (series.openMinute + 1) * MINUTE_MS + turbulence.ms;
}

function isLosing(
  { lossesInARow }: { readonly lossesInARow: number },
  { losses }: { readonly losses: number },
): boolean {
  return lossesInARow >= losses;
}

/** Begins the pauses that are due. @returns which symbols' growing orders are to be called back: none, this one's, or those of all */
export function beginPauses(registry: Registry, policy: PausePolicy, symbol: SymbolState): 'none' | 'symbol' | 'all' {
  const ofSymbol = symbol.governors.pause;
  const ofAccount = registry.governors.pause;
  if (registry.folding) return 'none';
  let called: 'none' | 'symbol' | 'all' = 'none';
  if (isLosing(ofSymbol, policy.symbol)) {
    begin(registry, symbol, ofSymbol.losses, policy.symbol.ms, {
      code: 'losses-in-a-row',
      losses: ofSymbol.lossesInARow,
    });
    ofSymbol.lossesInARow = 0;
    called = 'symbol';
  }
  if (isTurbulent(registry, policy, symbol) && registry.now >= ofSymbol.turbulence.until) {
    const ratio = String(Math.round((symbol.series.turbulence ?? 0) * 100) / 100);
    begin(registry, symbol, ofSymbol.turbulence, policy.turbulence.ms, { code: 'turbulence', ratio });
    called = 'symbol';
  }
  if (isLosing(ofAccount, policy.account)) {
    begin(registry, undefined, ofAccount.losses, policy.account.ms, {
      code: 'losses-in-a-row',
      losses: ofAccount.lossesInARow,
    });
    ofAccount.lossesInARow = 0;
    called = 'all';
  }
  if (called !== 'none') markTouched(registry, symbol);
  return called;
}

function begin(
  registry: Registry,
  symbol: SymbolState | undefined,
  cause: PauseCause,
  firstMs: number,
  because: GovernedBecause,
): void {
  const policy = registry.policy.governors.pause;
  if (policy === undefined) return;
  const { endsAt } = registry.day;
  if (cause.dayEndsAt !== endsAt) cause.times = 0;
  cause.dayEndsAt = endsAt;
  const ms = Math.min(policy.msMax, Math.round(firstMs * policy.repeatFactor.approx ** cause.times));
  // The first of a day is short, and may begin within a long one of the day before.
  cause.until = Math.max(cause.until, registry.now + ms);
  cause.times += 1;
  decide(registry, {
    kind: 'governed',
    at: registry.now,
    governor: 'pause',
    instId: symbol?.instrument.instId,
    old: 'trading',
    new: 'paused',
    because,
    until: cause.until,
  });
}
