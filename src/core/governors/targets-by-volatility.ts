/**
 * Governor 2: targets and stops by volatility. Source: rules.md §6.2, §5.
 *
 * ATR% now ÷ its mean, within bounds, multiplies the distances of target and stop of an entry (planned-exits.ts, `planExits`): the floors of the stop
 * and `max_loss_per_position` hold after it. An open position in profit is re-tuned now and then by a bounded share of its first distances
 * (exits.ts, `retune`); its stop never moves away from the market except right after a rung.
 */
import { decide } from '../orders/orders.ts';
import type { Position, Registry, SymbolState } from '../registry.ts';

/** What multiplies the distances of an entry now; 1 where the governor is off or the volatility is not known. */
export function distanceFactor(registry: Registry, symbol: SymbolState): number {
  const policy = registry.policy.governors.targetsByVolatility;
  const turbulence = policy === undefined ? undefined : symbol.series.turbulence;
  if (policy === undefined || turbulence === undefined) return 1;
  return clamped(turbulence, policy.factorMin.approx, policy.factorMax.approx);
}

/** Tells the factor that an entry was sent with, where it is another than that of the last one. */
export function tellDistances(registry: Registry, symbol: SymbolState, factor: number): void {
  const { targets } = symbol.governors;
  if (registry.policy.governors.targetsByVolatility === undefined || targets.told === factor) return;
  tell(registry, symbol, targets.told, factor, undefined);
  targets.told = factor;
}

/** What multiplies the first distances of an open position now; undefined while it may not be re-tuned, or the volatility is not known. */
export function retuneRatio(registry: Registry, symbol: SymbolState, position: Position): number | undefined {
  const policy = registry.policy.governors.targetsByVolatility;
  if (policy === undefined || registry.now < position.exits.tunedAt + policy.retuneEveryMs) return undefined;
  if (symbol.series.turbulence === undefined) return undefined;
  const most = policy.retunePercentMax.approx / 100;
  return clamped(distanceFactor(registry, symbol) / position.exits.first.factor, 1 - most, 1 + most);
}

export function tellRetuning(registry: Registry, symbol: SymbolState, old: number, ratio: number): void {
  const every = registry.policy.governors.targetsByVolatility?.retuneEveryMs ?? 0;
  tell(registry, symbol, old, ratio, registry.now + every);
}

function tell(registry: Registry, symbol: SymbolState, old: number, now: number, until: number | undefined): void {
  decide(registry, {
    kind: 'governed',
    at: registry.now,
    governor: 'targets-by-volatility',
    instId: symbol.instrument.instId,
    old: shown(old),
    new: shown(now),
    because: { code: 'volatility', ratio: shown(symbol.series.turbulence ?? 1) },
    until,
  });
}

function shown(factor: number): string {
  return String(Math.round(factor * 10_000) / 10_000);
}

function clamped(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
