/** When a symbol next wants a `time` event: the earliest of its work, a resting rung, the time limit, a close that was refused and a reversal. */
import { restingDeadlineMs } from './adding/addition.ts';
import { closeAgainAtMs } from './exits/closing.ts';
import { workDeadlineMs } from './orders/execution.ts';
import type { Registry, SymbolState } from './registry.ts';

/** After whatever may have moved one of them. */
export function refreshDeadline(registry: Registry, symbol: SymbolState): void {
  const { position, working } = symbol;
  const limit =
    position === undefined || position.closing !== undefined ? Number.POSITIVE_INFINITY : position.exits.timeLimitAt;
  symbol.deadlineMs = Math.min(
    workDeadlineMs(working),
    restingDeadlineMs(registry, symbol),
    limit,
    closeAgainAtMs(symbol),
    reversalAtMs(registry, symbol),
  );
}

/** When the other side's wait is over; Infinity where no reversal waits for it. */
export function reversalAtMs(registry: Registry, symbol: SymbolState): number {
  if (symbol.reversal === undefined || symbol.position !== undefined) return Number.POSITIVE_INFINITY;
  return (symbol.lastClose?.at ?? symbol.reversal.at) + registry.policy.execution.reentry.oppositeSideMs;
}
