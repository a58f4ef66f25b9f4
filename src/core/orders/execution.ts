/**
 * Maker first: how an entry, a rung or a close gets filled. Source: rules.md §7.
 *
 * Post-only at the touch, re-priced as the touch moves, at most `repriceMax` times within the window; what is then unfilled goes by
 * `entryStyle`: a close always follows at the market, an entry or rung with `maker_then_taker` is judged again and follows at the market
 * if nothing of it was filled (a rung with any fill is used up: ladder.md D3).
 * Deliberately absent: splitting. No position is planned past the largest market order (plan.ts, `tierValueMax`), so one order always does.
 */

import type { Judgement } from '../adding/gates.ts';
import type { ChangeReason, Reasoning } from '../decision.ts';
import { type Side, ticks } from '../numbers/units.ts';
import { markTouched, type OpenOrder, type Registry, type SymbolState, type Working } from '../registry.ts';
import type { OrderTerms } from './order.ts';
import { amend, cancel, place } from './orders.ts';

/** What is to be worked; the rest of `Working` follows from the policy and the clock. */
export type Work = Pick<
  Working,
  'purpose' | 'side' | 'position' | 'step' | 'attempt' | 'because' | 'signal' | 'rung' | 'exits'
> & {
  readonly sizeLots: number;
  /** Of an entry: the leverage that it was judged with. */
  readonly leverage?: number;
  /** At once and at any price: stops that could not stand, emergencies, follow-ups. */
  readonly urgent: boolean;
  /** Of a rung that waits for the market to come: its price. It has no window and is not re-priced after the touch. */
  readonly restsAtTicks?: number;
};

/** Sends the first order of a piece of work and remembers it as the symbol's. */
export function beginWork(
  registry: Registry,
  symbol: SymbolState,
  what: Work,
  judgement: Judgement<string> | 'reduces',
  reasoning?: Reasoning,
): void {
  const { execution } = registry.policy;
  const rests = what.restsAtTicks !== undefined;
  const atTicks = what.restsAtTicks ?? touchTicks(symbol, what.side);
  // A market that was never seen has no touch: whoever has to leave it leaves at once.
  const asTaker = !rests && (what.urgent || execution.entryStyle === 'taker' || atTicks === 0);
  const terms: OrderTerms = asTaker
    ? { type: 'market' }
    : { type: 'limit', priceTicks: ticks(atTicks), postOnly: true };
  const hasWindow = !asTaker && !rests;
  if (rests) registry.mayRest = true;
  const open = place(
    registry,
    symbol,
    {
      role: what.purpose,
      position: what.position,
      step: what.step,
      attempt: what.attempt,
      side: what.side,
      sizeLots: what.sizeLots,
      terms,
      exits: what.exits,
      rung: what.rung,
      leverage: what.leverage,
    },
    judgement,
    what.because,
    reasoning,
  );
  symbol.working = {
    purpose: what.purpose,
    side: what.side,
    position: what.position,
    step: what.step,
    clientId: open.order.clientId,
    attempt: what.attempt,
    wantedLots: what.sizeLots,
    filledLots: 0,
    repricesLeft: hasWindow ? execution.repriceMax : 0,
    nextLookAt: hasWindow ? registry.now + repriceEveryMs(registry) : Number.POSITIVE_INFINITY,
    windowEndsAt: hasWindow ? registry.now + execution.makerWindowMs : Number.POSITIVE_INFINITY,
    ending: undefined,
    because: what.because,
    signal: what.signal,
    rung: what.rung,
    exits: what.exits,
    rests: rests ? true : undefined,
  };
}

function repriceEveryMs(registry: Registry): number {
  const { makerWindowMs, repriceMax } = registry.policy.execution;
  return Math.max(1, Math.ceil(makerWindowMs / (repriceMax + 1)));
}

/** The price at which an order of this side rests first in the book. */
export function touchTicks(symbol: SymbolState, side: Side): number {
  return side === 1 ? symbol.bidTicks : symbol.askTicks;
}

/** When the work next wants to be looked at. */
export function workDeadlineMs(working: Working | undefined): number {
  if (working === undefined || working.ending !== undefined) return Number.POSITIVE_INFINITY;
  return working.nextLookAt;
}

/** What a signal is still to lead to comes at most so much later than planned; after that the signal is old, and the next one asks anew. */
const FOLLOWED_WITHIN_MS = 60_000;

/** Whether what was due at a moment comes so late (the bot was not running, or the exchange silent) that its signal says nothing any more. */
export function isTooLate(registry: Registry, dueMs: number): boolean {
  return registry.now > dueMs + FOLLOWED_WITHIN_MS;
}

/** Work that goes at any price, and so at once: nothing is quicker. */
export function isTaker(working: Working): boolean {
  return working.windowEndsAt === Number.POSITIVE_INFINITY && working.rests !== true;
}

/** A resting rung has begun to fill: from now on it is a rung like any other in its window, after which its remainder lapses (ladder.md D3). */
export function openWindow(registry: Registry, symbol: SymbolState, working: Working): void {
  if (working.windowEndsAt !== Number.POSITIVE_INFINITY) return;
  markTouched(registry, symbol);
  working.windowEndsAt = registry.now + registry.policy.execution.makerWindowMs;
  working.nextLookAt = working.windowEndsAt;
}

/** Re-prices at its times, and calls the order back when the window is over. */
export function watchWork(registry: Registry, symbol: SymbolState): void {
  const { working } = symbol;
  if (registry.folding || working === undefined || registry.now < workDeadlineMs(working)) return;
  markTouched(registry, symbol);
  const open = registry.orders.get(working.clientId);
  if (open === undefined || open.state === 'unknown') return postpone(registry, working);
  if (registry.now >= working.windowEndsAt) return endWindow(registry, working, open);
  working.nextLookAt = Math.min(working.windowEndsAt, registry.now + repriceEveryMs(registry));
  const touch = touchTicks(symbol, working.side);
  if (touch === open.ticksWanted || working.repricesLeft === 0) return;
  working.repricesLeft -= 1;
  amend(registry, open, touch, open.sizeLots, 'the touch moved');
}

/** Nobody knows how the order stands: it is not touched until evidence comes, even where its window is over. */
function postpone(registry: Registry, working: Working): void {
  working.nextLookAt = registry.now + repriceEveryMs(registry);
}

function endWindow(registry: Registry, working: Working, open: OpenOrder): void {
  working.ending = 'window';
  cancel(registry, open, 'the maker window is over');
}

/** Calls a piece of work back at once, for a close that cannot wait. */
export function stopWork(registry: Registry, symbol: SymbolState, because: ChangeReason): void {
  const { working } = symbol;
  if (working === undefined || working.ending !== undefined) return;
  const open = registry.orders.get(working.clientId);
  if (open === undefined) return;
  working.ending = 'recalled';
  cancel(registry, open, because);
}

/** Calls back an entry or a rung that is on its way; what only reduces goes on. */
export function recallEntries(registry: Registry, symbol: SymbolState, because: ChangeReason): void {
  if (registry.folding) return;
  markTouched(registry, symbol);
  const { working } = symbol;
  if (working === undefined || working.purpose === 'close') return;
  const open = registry.orders.get(working.clientId);
  // Also of one that is called back already: nothing follows it.
  working.ending = 'recalled';
  if (open !== undefined) cancel(registry, open, because);
}
