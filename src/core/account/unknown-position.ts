/**
 * A position there and not here: adopted, closed, or left to the person whose it is. Source: rules.md §7 (Drift), §3; decision 0030.
 *
 * `adopt`: it gets a stop and exits, and no rungs. `close`: at the market, reduce-only, like every urgent close; until it is flat its stop stands.
 * `alert`: it counts in margin, exposure and worst case, and nothing is done with it; a base that a person gives makes it the bot's own.
 */
import type { UnknownFate } from '../decision.ts';
import { ofRegime } from '../policy.ts';
import type { Position, Registry, SymbolState } from '../registry.ts';

/** What the policy says; undefined: it is adopted. One that an order of ours may have opened, whose fill is told late, is never closed for it. */
export function unknownFate(registry: Registry, symbol: SymbolState): UnknownFate | undefined {
  const { unknownPosition } = registry.policy.execution;
  if (unknownPosition === 'adopt' || symbol.orders.some(({ order }) => !order.reduceOnly)) return undefined;
  return unknownPosition;
}

/** Says so to a position that begins; `protect` does the rest. */
export function treat(registry: Registry, position: Position, fate: UnknownFate | undefined): void {
  if (fate === 'alert') {
    position.leftAlone = true;
    position.exits.timeLimitAt = Number.POSITIVE_INFINITY;
  } else if (fate === 'close' && !registry.folding) position.closing = 'unknown-position';
}

/** A person makes it the bot's own, or wants it closed. */
export function takeCare(registry: Registry, position: Position): void {
  if (position.leftAlone !== true) return;
  delete position.leftAlone;
  position.exits.timeLimitAt = registry.now + ofRegime(registry.policy.exits.timeLimitMs, position.regime);
}
