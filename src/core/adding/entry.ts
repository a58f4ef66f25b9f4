/**
 * Signal → action on a flat symbol: the entry, judged and sent. Source: rules.md §3, ladder.md §3–4.
 *
 * One intent type travels end to end (lessons.md 1).
 */

import { explained } from '../alert.ts';
import { planExits } from '../exits/planned-exits.ts';
import { componentsInForce, haltOf, noteEntry, scalperSource, tellDistances, voteInForce } from '../governors/door.ts';
import { plannedLeverage } from '../ladder/leverage.ts';
import { bookWorstCaseUnits, entryExposure, stoppedLossUnits, targetReachTicks } from '../ladder/worst-case.ts';
import type { Vote } from '../market/signal.ts';
import type { Arithmetic } from '../numbers/arithmetic.ts';
import type { Side } from '../numbers/units.ts';
import { beginWork } from '../orders/execution.ts';
import { decide } from '../orders/orders.ts';
import type { EntryGate } from '../refusal.ts';
import {
  accountUnits,
  balanceUnits,
  type PlannedExits,
  type Registry,
  type SignalFacts,
  type SymbolState,
} from '../registry.ts';
import { priceOf, regimeMet, usdt } from '../situation.ts';
import { type EntrySituation, type Judgement, judgeEntry } from './gates.ts';
import { gateFacts, newBase, type Question, questionOf, reasoningOf, sharedFacts } from './question.ts';
import { guarded, refuse } from './refusing.ts';

/** How a try is made: the first at its style, a follow-up as taker under the attempt's next number. */
export interface Try {
  readonly urgent: boolean;
  /** Of a follow-up: position and attempt of the order that ended unfilled. */
  readonly after: { readonly position: number; readonly attempt: number } | undefined;
}

export const FIRST_TRY: Try = { urgent: false, after: undefined };

/** Judges an entry and sends it, or says why not. */
export function enter(registry: Registry, symbol: SymbolState, signal: SignalFacts, how: Try = FIRST_TRY): void {
  guarded(registry, symbol, signal, 'entry', () => {
    const met = regimeMet(registry, symbol, signal.side);
    const exits = planExits(registry, symbol, met.regime);
    if (exits === undefined) {
      const code = haltOf(registry, symbol, accountUnits(registry)) === undefined ? 'state-unknown' : 'halted';
      return refuse(registry, symbol, signal, 'entry', code, undefined);
    }
    const priceTicks = entryTicks(registry, symbol, signal.side, how.urgent);
    const leverage = plannedLeverage(registry.policy, symbol.instrument, registry.profile, priceTicks, {
      strength: signal.strength,
      regime: met.regime,
      atrPercent: symbol.series.atrPercent,
      stopShare: exits.stopDistanceTicks / priceTicks,
    });
    const question = questionOf(registry, symbol, { signal, met, priceTicks, exits });
    const judgement = judge(question, exits, leverage);
    const reasoning = reasoningOf(question, null, leverage, judgement);
    if (judgement.code !== null) return refuse(registry, symbol, signal, 'entry', judgement.code, reasoning);
    // No reading tells the leverage of a symbol of which nothing is open: somebody may have set another one since the last life.
    if (how.after === undefined || symbol.leverage !== leverage)
      decide(registry, { kind: 'set-leverage', at: registry.now, instId: symbol.instrument.instId, leverage });
    tellDistances(registry, symbol, exits.factor);
    const position = how.after?.position ?? registry.nextPosition++;
    const attempt = (how.after?.attempt ?? 0) + 1;
    noteEntry(symbol, position, signal.source);
    beginWork(
      registry,
      symbol,
      {
        purpose: 'entry',
        side: signal.side,
        position,
        step: 0,
        attempt,
        sizeLots: judgement.sizeLots,
        urgent: how.urgent,
        because: signal.source,
        signal,
        rung: undefined,
        exits,
        leverage,
      },
      judgement,
      reasoning,
    );
  });
}

/** Every gate of an entry of the planned size. */
function judge(question: Question, exits: PlannedExits, leverage: number): Judgement<EntryGate> {
  const { registry, symbol, signal, priceTicks } = question;
  const bookUnits = bookWorstCaseUnits(registry);
  const situation = <N>(m: Arithmetic<N>): EntrySituation<N> => {
    const shared = sharedFacts(m, question);
    const lotValue = m.times(m.of(symbol.instrument.coinsPerLot), shared.price);
    const sizeLots = m.floor(m.over(newBase(m, question, shared, exits, leverage), lotValue));
    return {
      ...gateFacts(m, question, shared, 0),
      sizeLots,
      leverage,
      stopPrice: priceOf(m, symbol.instrument, Math.max(1, priceTicks - signal.side * exits.stopDistanceTicks)),
      reentryWaitMs: reentryWaitMs(registry, symbol, signal.side),
      sinceCloseMs: symbol.lastClose === undefined ? undefined : registry.now - symbol.lastClose.at,
      worstCaseLoss: usdt(m, bookUnits + ladderLossUnits(question, exits, leverage, sizeLots)),
    };
  };
  return judgeEntry(registry.policy, situation, registry.traced);
}

/** The touch that the order will meet: ours as maker, the other side's as taker. */
export function entryTicks(registry: Registry, symbol: SymbolState, side: Side, urgent: boolean): number {
  const asTaker = urgent || registry.policy.execution.entryStyle === 'taker';
  return (side === 1) === asTaker ? symbol.askTicks : symbol.bidTicks;
}

/** Loss of the whole ladder that this entry would begin. */
function ladderLossUnits(
  { registry, symbol, signal, priceTicks }: Question,
  exits: PlannedExits,
  leverage: number,
  sizeLots: number,
): number {
  const { instrument, markTicks } = symbol;
  const { stopDistanceTicks, exitShare, atrTicks } = exits;
  return stoppedLossUnits(
    registry.policy,
    balanceUnits(registry),
    entryExposure({
      instrument,
      side: signal.side,
      priceTicks,
      valueUnits: sizeLots * priceTicks * instrument.moneyPerTickLot,
      coefficients: symbol.coefficientSums[registry.profile],
      stopDistanceTicks,
      targetReachTicks: targetReachTicks(registry.policy, priceTicks, exits),
      exitShare,
      leverage,
      markTicks,
      atrTicks,
    }),
  );
}

function reentryWaitMs(registry: Registry, symbol: SymbolState, side: Side): number {
  const { lastClose } = symbol;
  const { reentry } = registry.policy.execution;
  if (lastClose === undefined) return 0;
  if (lastClose.side !== side) return reentry.oppositeSideMs;
  return lastClose.lost ? reentry.afterLossMs : reentry.sameSideMs;
}

/** The scalper's signal of the candle that just closed, by the mode in force, if it gave one. */
export function scalperSignal(registry: Registry, symbol: SymbolState): SignalFacts | undefined {
  const vote = voteInForce(registry, symbol);
  const side = vote === undefined ? symbol.series.signalSide : vote.side;
  return side === 0 ? undefined : signalFacts(registry, symbol, vote, side);
}

function signalFacts(registry: Registry, symbol: SymbolState, vote: Vote | undefined, side: Side): SignalFacts {
  const reasons = registry.traced
    ? explained<readonly string[]>(registry, symbol, [], () => {
        const counted = componentsInForce(registry, symbol);
        return symbol.series
          .reasons(side)
          .filter(({ component }) => counted?.includes(component) ?? true)
          .map((reason) => `${reason.component} ${reason.points}`);
      })
    : [];
  return {
    side,
    strength: vote === undefined ? symbol.series.signalStrength : vote.strength,
    priceTicks: symbol.markTicks,
    at: registry.now,
    source: scalperSource(registry, symbol),
    reasons,
  };
}
