/** A no is told like a yes. Whatever throws while deciding refuses: `decision-failed` (lessons.md 5). */

import type { Reasoning, Refused } from '../decision.ts';
import { sideName } from '../numbers/units.ts';
import { decide } from '../orders/orders.ts';
import type { RefusalCode } from '../refusal.ts';
import { markTouched, type Registry, type SignalFacts, type SymbolState } from '../registry.ts';

/** Runs a decision; whatever it throws becomes a refusal with the error. */
export function guarded(
  registry: Registry,
  symbol: SymbolState,
  signal: SignalFacts,
  what: Refused['what'],
  decision: () => void,
): void {
  const before = registry.decisions.length;
  try {
    decision();
  } catch (error) {
    registry.decisions.length = before;
    markTouched(registry, symbol);
    decide(registry, {
      kind: 'refused',
      at: registry.now,
      instId: symbol.instrument.instId,
      what,
      side: sideName(signal.side),
      code: 'decision-failed',
      error: String(error),
      reasoning: undefined,
    });
  }
}

export function refuse(
  registry: Registry,
  symbol: SymbolState,
  signal: SignalFacts,
  what: Refused['what'],
  code: RefusalCode,
  reasoning: Reasoning | undefined,
): void {
  decide(registry, {
    kind: 'refused',
    at: registry.now,
    instId: symbol.instrument.instId,
    what,
    side: sideName(signal.side),
    code,
    reasoning,
  });
}
