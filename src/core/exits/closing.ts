/** The one pipeline that closes a position: once, reduce-only, until it is flat. Source: rules.md §5, §7, lessons.md 10; decision 0038. */

import { takeCare } from '../account/unknown-position.ts';
import { alert } from '../alert.ts';
import type { CloseReason } from '../decision.ts';
import type { Instrument } from '../instrument/instrument.ts';
import { hasOtherTick, isStopped } from '../instrument/tradable.ts';
import { opposite } from '../numbers/units.ts';
import { beginWork, isTaker, stopWork } from '../orders/execution.ts';
import { ATTEMPTS_OF_A_STEP, cancel, nextAttempt } from '../orders/orders.ts';
import { markTouched, type Position, type Registry, type SymbolState } from '../registry.ts';
import { isOfAPerson, isUrgent } from './close-reason.ts';
import { setWatch } from './watch.ts';

/**
 * Closes a position: once, reduce-only. How fast follows from the reason (`isUrgent`); an urgent close overtakes a patient one. The stop keeps standing
 * until the position is flat.
 */
export function closePosition(registry: Registry, symbol: SymbolState, position: Position, reason: CloseReason): void {
  if (registry.folding) return;
  if (position.leftAlone === true && !isOfAPerson(reason)) return;
  markTouched(registry, symbol);
  takeCare(registry, position);
  if (position.closing !== undefined) {
    if (isUrgent(reason)) hasten(registry, symbol, position, reason);
    return;
  }
  position.closing = reason;
  setWatch(registry, symbol);
  for (const open of symbol.orders)
    if (open.order.role === 'target' || open.order.role === 'partial') cancel(registry, open, reason);
  if (symbol.working === undefined) beginClose(registry, symbol, position);
  else stopWork(registry, symbol, reason);
}

/** A close at the market is as quick as it gets; a patient one is called back for one, as an entry or a rung was with the first word of a close. */
function hasten(registry: Registry, symbol: SymbolState, position: Position, reason: CloseReason): void {
  if (!isUrgent(position.closing)) position.closing = reason;
  setWatch(registry, symbol);
  if (isOfAPerson(reason)) forgetRefusal(position);
  const { working } = symbol;
  if (working === undefined) beginClose(registry, symbol, position);
  else if (!isTaker(working)) stopWork(registry, symbol, reason);
}

/**
 * The exchange refused the close, or ended it without a fill: once more, at the market, at once and then at growing distances; where the instrument is
 * not traded, when tradable.ts says so. A person is told once the distances have grown; the stop stands, and `flatten` tries anew (decision 0038).
 *
 * @param said the exchange's code
 */
export function closeFailed(registry: Registry, symbol: SymbolState, position: Position, said: string): void {
  position.closeFailures += 1;
  const { toldAt } = position.closeRefusal ?? {};
  const told = toldAt === undefined ? {} : { toldAt };
  if (isStopped(symbol)) {
    position.closeRefusal = { said, ...told, againAt: Number.POSITIVE_INFINITY };
    return;
  }
  const pauseMs = CLOSE_PAUSES_MS[position.closeFailures - 1] ?? CLOSE_PAUSE_MS_MAX;
  position.closeRefusal = { said, ...told, againAt: registry.now + pauseMs };
  if (pauseMs === 0) return beginClose(registry, symbol, position);
  if (pauseMs < CLOSE_PAUSE_MS_MAX || registry.now < (toldAt ?? Number.NEGATIVE_INFINITY) + TOLD_AGAIN_MS) return;
  position.closeRefusal = { ...position.closeRefusal, toldAt: registry.now };
  alert(registry, symbol.instrument.instId, { code: 'close-failed', times: position.closeFailures });
}

/** From each refusal of a close to the next try: one that is of a moment costs nothing, and stops share the exchange's limit with what is refused again. */
const CLOSE_PAUSES_MS = [0, 250, 500, 1_000, 2_000, 4_000, 8_000];
const CLOSE_PAUSE_MS_MAX = 15_000;
/** So often a person is told of it. */
const TOLD_AGAIN_MS = 60_000;

/** When a close that was refused is due again; Infinity where none waits. */
export function closeAgainAtMs({ position, working }: SymbolState): number {
  if (position?.closing === undefined || working !== undefined) return Number.POSITIVE_INFINITY;
  return position.closeRefusal?.againAt ?? Number.POSITIVE_INFINITY;
}

/** The pause after a refusal is over. */
export function closeAgain(registry: Registry, symbol: SymbolState): void {
  const { position } = symbol;
  if (position === undefined || registry.now < closeAgainAtMs(symbol)) return;
  markTouched(registry, symbol);
  beginClose(registry, symbol, position);
}

/** Something was filled, a person wants it, or the exchange may think otherwise: the close is tried as if it were the first time, and other exits at once. */
export function forgetRefusal(position: Position): void {
  position.closeFailures = 0;
  position.closeRefusal = undefined;
  position.standsAgainAt = undefined;
}

/**
 * What one order may take, leaving enough for another. From the third try on half of the one before: the exchange may take less at once than it did when
 * the instrument was read (decision 0038).
 */
function pieceOf(lots: number, { lotsMin, lotsMaxMarketOrder }: Instrument, refusals: number): number {
  const tried = refusals < 2 ? lots : Math.ceil(lots / 2 ** (refusals - 1));
  const most = Math.min(lotsMaxMarketOrder, Math.max(lotsMin, tried));
  return lots <= most || lots < 2 * lotsMin ? lots : Math.min(most, lots - lotsMin);
}

/** Sends the close, or what is left of it. `isFollowUp`: a try before it has ended short of its size, so it does not wait as maker again. */
export function beginClose(registry: Registry, symbol: SymbolState, position: Position, isFollowUp = false): void {
  if (registry.folding || registry.now < (position.closeRefusal?.againAt ?? 0)) return;
  if (position.closeRefusal !== undefined) {
    const { againAt: _, ...refusal } = position.closeRefusal;
    position.closeRefusal = refusal;
  }
  const { lots, side } = position.holding;
  const because = position.closing ?? 'operator';
  const before = nextAttempt(position, 'close', 0) - 1;
  beginWork(
    registry,
    symbol,
    {
      purpose: 'close',
      side: opposite(side),
      position: position.number,
      step: Math.floor(before / ATTEMPTS_OF_A_STEP),
      attempt: (before % ATTEMPTS_OF_A_STEP) + 1,
      urgent: isFollowUp || isUrgent(because) || position.closeFailures > 0 || hasOtherTick(symbol),
      sizeLots: pieceOf(lots, symbol.instrument, position.closeFailures),
      because,
      signal: undefined,
      rung: undefined,
      exits: undefined,
    },
    'reduces',
  );
}
