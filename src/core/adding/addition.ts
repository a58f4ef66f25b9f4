/**
 * Additions: the next rung of an open position, judged and sent, or kept resting at its price. Source: ladder.md §4, rules.md §3, §6.3.
 *
 * One path for every rung, whoever asks for it: a signal, or a governor without one. A resting rung is judged as its fill would find things,
 * at its own price, and again after every event with its own order left out of every count; it is called back as soon as a gate refuses it.
 */

import type { ChangeReason, Reasoning } from '../decision.ts';
import { planExits } from '../exits/planned-exits.ts';
import { isNews, rungAsked, rungToRest } from '../governors/door.ts';
import { valueUnits } from '../instrument/instrument.ts';
import { rulesFor } from '../ladder/kept-ladder.ts';
import { coefficientOf } from '../ladder/ladder.ts';
import type { Arithmetic } from '../numbers/arithmetic.ts';
import { formatDecimal } from '../numbers/decimal.ts';
import type { Side } from '../numbers/units.ts';
import { beginWork, openWindow, touchTicks } from '../orders/execution.ts';
import { amend, cancel, liveOrder, nextAttempt } from '../orders/orders.ts';
import { unrealisedUnits } from '../position/position.ts';
import { profitPercent } from '../position/profit.ts';
import type { AdditionGate } from '../refusal.ts';
import {
  accountUnits,
  type OpenOrder,
  type PlannedRung,
  type Position,
  type Registry,
  type SignalFacts,
  type SymbolState,
  type Working,
} from '../registry.ts';
import { priceOf, regimeMet, usdt } from '../situation.ts';
import { entryTicks, FIRST_TRY, type Try } from './entry.ts';
import { type AdditionSituation, type Judgement, judgeAddition } from './gates.ts';
import { gateFacts, questionOf, reasoningOf, rungBase, sharedFacts } from './question.ts';
import { guarded, refuse } from './refusing.ts';

/** Judges the next rung of the open position and sends it, or says why not. */
export function add(
  registry: Registry,
  symbol: SymbolState,
  position: Position,
  signal: SignalFacts,
  how: Try = FIRST_TRY,
): void {
  guarded(registry, symbol, signal, 'addition', () => {
    const judged = judgeRung(registry, symbol, position, signal, atTouch(registry, symbol, signal.side, how.urgent));
    if (judged.judgement.code !== null)
      return refuse(registry, symbol, signal, 'addition', judged.judgement.code, judged.reasoning);
    send(registry, symbol, position, signal, judged, { urgent: how.urgent });
  });
}

/** A candle has closed: what the governor asks of the open position, a rung now or one that rests. */
export function askForRung(registry: Registry, symbol: SymbolState): void {
  const { position, working } = symbol;
  if (registry.folding || position === undefined || position.closing !== undefined) return;
  if (working !== undefined) return moveForward(registry, symbol, position);
  const asked = rungAsked(registry, symbol, position);
  if (asked !== undefined) return addAsked(registry, symbol, position, asked);
  const toRest = rungToRest(registry, symbol, position);
  if (toRest !== undefined) rest(registry, symbol, position, toRest);
}

/** As `add`; the same no to the same rung is told once. */
function addAsked(registry: Registry, symbol: SymbolState, position: Position, asked: SignalFacts): void {
  guarded(registry, symbol, asked, 'addition', () => {
    const judged = judgeRung(registry, symbol, position, asked, atTouch(registry, symbol, asked.side, false));
    if (judged.judgement.code === null) send(registry, symbol, position, asked, judged, { urgent: false });
    else refuseOnce(registry, symbol, position, asked, judged.judgement.code, judged.reasoning);
  });
}

function refuseOnce(
  registry: Registry,
  symbol: SymbolState,
  position: Position,
  signal: SignalFacts,
  code: AdditionGate,
  reasoning: Reasoning | undefined,
): void {
  if (isNews(registry, symbol, `${position.number} ${position.rungs.length} ${code}`))
    refuse(registry, symbol, signal, 'addition', code, reasoning);
}

/** More orders than this a rung is not placed by: their number must fit its client id. */
const RESTS_MAX = 500;

/** Places the rung at its published price, or at the touch where the market is beyond it already. */
function rest(registry: Registry, symbol: SymbolState, position: Position, wish: SignalFacts): void {
  guarded(registry, symbol, wish, 'addition', () => {
    const number = position.rungs.length + 1;
    if ((position.attempts.get(`rung${number}`) ?? 0) >= RESTS_MAX) return;
    const ticks = behind(wish.side, wish.priceTicks, touchTicks(symbol, wish.side));
    const judged = judgeAt(registry, symbol, position, wish, ticks, undefined);
    if (judged.judgement.code === null)
      send(registry, symbol, position, wish, judged, { urgent: false, restsAtTicks: ticks });
    else refuseOnce(registry, symbol, position, wish, judged.judgement.code, judged.reasoning);
  });
}

/**
 * Approves the rung that rests anew, as after every event: where a gate would refuse it, or the governor wants none there any more, it is
 * called back; where its price has moved away from the market, or less of it is approved, it follows.
 */
export function reviewResting(registry: Registry, symbol: SymbolState): void {
  const resting = restingOrder(registry, symbol);
  if (resting === undefined) return;
  const { working, open, position } = resting;
  if (open.filledLots > 0) return openWindow(registry, symbol, working);
  const wish = rungToRest(registry, symbol, position);
  if (wish === undefined) return recallRung(registry, symbol, open, 'no rung is wanted there any more');
  approveAt(registry, symbol, position, open, wish, behind(wish.side, wish.priceTicks, open.ticksWanted));
}

/** With a candle the resting rung may come nearer to the market too, up to its published price. */
function moveForward(registry: Registry, symbol: SymbolState, position: Position): void {
  const resting = restingOrder(registry, symbol);
  if (resting === undefined || resting.open.filledLots > 0) return;
  const wish = rungToRest(registry, symbol, position);
  if (wish === undefined) return;
  const ticks = behind(wish.side, wish.priceTicks, touchTicks(symbol, wish.side));
  if (behind(wish.side, ticks, resting.open.ticksWanted) === ticks) return;
  approveAt(registry, symbol, position, resting.open, wish, ticks);
}

/** What rests and still may be changed. A close ends the work before anything else, and so does a position that is flat: its rung rests no more. */
function restingOrder(
  registry: Registry,
  { working, position }: SymbolState,
): { readonly working: Working; readonly open: OpenOrder; readonly position: Position } | undefined {
  if (registry.folding || working?.rests !== true || working.ending !== undefined) return undefined;
  const open = registry.orders.get(working.clientId);
  return open === undefined || open.state === 'ending' || position === undefined
    ? undefined
    : { working, open, position };
}

function approveAt(
  registry: Registry,
  symbol: SymbolState,
  position: Position,
  open: OpenOrder,
  wish: SignalFacts,
  ticks: number,
): void {
  let isDecided = false;
  guarded(registry, symbol, wish, 'addition', () => {
    const { judgement, reasoning } = judgeAt(registry, symbol, position, wish, ticks, open);
    if (judgement.code === null) follow(registry, open, ticks, judgement.sizeLots);
    else {
      refuseOnce(registry, symbol, position, wish, judgement.code, reasoning);
      recallRung(registry, symbol, open, judgement.code);
    }
    isDecided = true;
  });
  if (!isDecided) recallRung(registry, symbol, open, 'decision-failed');
}

/** A price is followed, a size only down: what was approved then for more is not enlarged by an amendment. */
function follow(registry: Registry, open: OpenOrder, ticks: number, approvedLots: number): void {
  const sizeLots = ticks === open.ticksWanted ? Math.min(open.sizeWanted, approvedLots) : approvedLots;
  if (ticks === open.ticksWanted && sizeLots === open.sizeWanted) return;
  amend(registry, open, ticks, sizeLots, 'the published price moved');
}

/** Calls a resting rung back; what ends next is the attempt. */
export function recallRung(registry: Registry, symbol: SymbolState, open: OpenOrder, because: ChangeReason): void {
  const { working } = symbol;
  if (working !== undefined) working.ending = 'recalled';
  cancel(registry, open, because);
}

/** When a resting rung is next looked at without an event: where funding comes near (gate `funding-near`). */
export function restingDeadlineMs(registry: Registry, { working, funding }: SymbolState): number {
  if (working?.rests !== true || working.ending !== undefined || funding === undefined) return Number.POSITIVE_INFINITY;
  const nearAt = funding.settlesAt - registry.policy.execution.fundingNearMs + 1;
  return nearAt > registry.now ? nearAt : Number.POSITIVE_INFINITY;
}

/** The price farther from the market of two at which an order of this side would wait. */
function behind(side: Side, a: number, b: number): number {
  return side === 1 ? Math.min(a, b) : Math.max(a, b);
}

/**
 * Judged as the fill would find things: with the mark at the order's price, or at its own where it has passed that already. Of the two the value is
 * taken at the higher, the loss where it is deeper; how far they are apart is the move since the wish.
 */
function judgeAt(
  registry: Registry,
  symbol: SymbolState,
  position: Position,
  wish: SignalFacts,
  ticks: number,
  own: OpenOrder | undefined,
): JudgedRung {
  const markTicks = behind(wish.side, ticks, symbol.markTicks);
  const higher = Math.max(ticks, markTicks);
  const price = { ticks: higher, valueTicks: higher, markTicks, own };
  return judgeRung(registry, symbol, position, { ...wish, priceTicks: Math.min(ticks, markTicks) }, price);
}

/** Where and how a rung is judged: its size at `ticks`, the position's value at `valueTicks`, its loss at `markTicks` (ladder.md §4). */
interface RungPrice {
  readonly ticks: number;
  readonly valueTicks: number;
  readonly markTicks: number;
  /** Its own order, of one that rests already: left out of every count. */
  readonly own: OpenOrder | undefined;
}

/** Of one that is sent now. */
function atTouch(registry: Registry, symbol: SymbolState, side: Side, urgent: boolean): RungPrice {
  const { markTicks } = symbol;
  return { ticks: entryTicks(registry, symbol, side, urgent), valueTicks: markTicks, markTicks, own: undefined };
}

interface JudgedRung {
  readonly number: number;
  readonly judgement: Judgement<AdditionGate>;
  readonly reasoning: Reasoning | undefined;
  readonly rung: PlannedRung;
}

/** Every gate of the next rung, at a price. */
function judgeRung(
  registry: Registry,
  symbol: SymbolState,
  position: Position,
  signal: SignalFacts,
  price: RungPrice,
): JudgedRung {
  const { holding } = position;
  const met = regimeMet(registry, symbol, holding.side);
  const rules = rulesFor(symbol, position, registry.profile, met.regime);
  const exits = planExits(registry, symbol, met.regime);
  const number = position.rungs.length + 1;
  const stop = liveOrder(symbol, position.number, 'stop');
  const asIf = { without: price.own, symbol, markTicks: price.markTicks };
  const question = questionOf(registry, symbol, { signal, met, priceTicks: price.ticks, exits }, asIf);
  const others = accountUnits(registry, symbol);
  const situation = <N>(m: Arithmetic<N>): AdditionSituation<N> => {
    const shared = sharedFacts(m, question);
    const held = {
      side: holding.side,
      coins: m.times(m.whole(holding.lots), m.of(symbol.instrument.coinsPerLot)),
      cost: usdt(m, holding.costUnits),
      leverage: position.leverage,
    };
    return {
      ...gateFacts(m, question, shared, holding.lots),
      position: {
        ...held,
        value: usdt(m, valueUnits(symbol.instrument, holding.lots, price.valueTicks)),
        additionsMade: position.rungs.length,
        lastGrownAt: position.lastGrownAt,
        base: rungBase(m, question, shared, position, others),
        stopPrice: stop === undefined || stop.state !== 'live' ? undefined : priceOf(m, symbol.instrument, stop.ticks),
      },
      rules,
      pnlPercent: profitPercent(
        m,
        held,
        priceOf(m, symbol.instrument, price.markTicks),
        registry.policy.scaling.lossBasis,
      ),
    };
  };
  const judgement = judgeAddition(registry.policy, situation, registry.traced);
  const coefficient = formatDecimal(coefficientOf(rules, number));
  const leverage = position.leverage ?? null;
  const pnlPercent =
    ((unrealisedUnits(holding, symbol.instrument, price.markTicks) * (leverage ?? 1)) / holding.costUnits) * 100;
  return {
    number,
    judgement,
    reasoning: reasoningOf(question, coefficient, leverage, judgement),
    rung: { coefficient, regime: met.regime, pnlPercent, source: signal.source },
  };
}

function send(
  registry: Registry,
  symbol: SymbolState,
  position: Position,
  signal: SignalFacts,
  { number, judgement, reasoning, rung }: JudgedRung,
  how: { readonly urgent: boolean; readonly restsAtTicks?: number },
): void {
  beginWork(
    registry,
    symbol,
    {
      purpose: 'rung',
      side: signal.side,
      position: position.number,
      step: number,
      attempt: nextAttempt(position, 'rung', number),
      sizeLots: judgement.sizeLots,
      because: signal.source,
      signal,
      rung,
      exits: undefined,
      ...how,
    },
    judgement,
    reasoning,
  );
}
