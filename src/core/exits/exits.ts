/**
 * Exits: where stop, target and partials stand, and what closes a position early. Source: rules.md §5, lessons.md 9, 10, 16, 17, 23.
 *
 * After every fill `protect` brings the orders on the exchange to what the position needs: one stop for all of it, the next partial, the
 * target for the rest. Who closes what is one pipeline: `closePosition`, once a position.
 * A trigger price and the rule it is the inverse of stand side by side: `watch…` and `has…`.
 */

import { takeCare } from '../account/unknown-position.ts';
import { alert, explained } from '../alert.ts';
import type { CloseReason } from '../decision.ts';
import { distanceFactor, EMERGENCY_STOP, retuneRatio, tellRetuning } from '../governors/door.ts';
import type { Instrument } from '../instrument/instrument.ts';
import { hasOtherTick, isStopped } from '../instrument/tradable.ts';
import { positionLossMax } from '../ladder/limits.ts';
import { type Arithmetic, Doubles, fractions } from '../numbers/arithmetic.ts';
import { opposite, type Side, ticks } from '../numbers/units.ts';
import { beginWork, isTaker, stopWork } from '../orders/execution.ts';
import { amend, cancel, decide, endingOrder, liveOrder, nextAttempt, place } from '../orders/orders.ts';
import { type ExitsPolicy, ofRegime, type Policy, type Regime } from '../policy.ts';
import { liquidationPrice } from '../position/margin.ts';
import { averageTicks, type Holding } from '../position/position.ts';
import type { GateReading, PartialGuard } from '../refusal.ts';
import {
  balanceUnits,
  markTouched,
  type OpenOrder,
  type PlannedExits,
  type Position,
  type Registry,
  type SignalFacts,
  type SymbolState,
} from '../registry.ts';
import { costShares, maintenanceRate, priceOf } from '../situation.ts';
import { forward, stopTicksAt, targetTicksAt, up } from './exit-prices.ts';
import { exitReading } from './exit-reading.ts';
import { judgePartial, type PartialSituation, readPartial } from './partial.ts';

const plain = new Doubles();

/** Where the exchange has refused or ended so many stops none is placed again, but the position closed; any other exit is tried now and then (decisions 0037, 0038). */
const ATTEMPTS_MAX = 20;

/**
 * Distances of a position that would be opened now: stop and target in ATR by regime and volatility, the stop never nearer than its floors.
 * Undefined while the ATR or the price is not known.
 */
export function planExits(registry: Registry, symbol: SymbolState, regime: Regime): PlannedExits | undefined {
  const { exits } = registry.policy;
  const atrTicks = symbol.series.atrTicks;
  if (atrTicks === undefined || symbol.pricedAt < 0) return undefined;
  const costs = costShares(plain, symbol, registry.policy);
  const factor = distanceFactor(registry, symbol);
  return {
    regime,
    atrTicks,
    factor,
    roundTripShare: costs.roundTrip,
    exitShare: costs.exit,
    stopDistanceTicks: stopDistanceTicks(
      exits,
      ofRegime(exits.stopAtr, regime).approx * atrTicks * factor,
      symbol.markTicks,
      costs.roundTrip,
    ),
    targetDistanceTicks: Math.max(1, up(ofRegime(exits.targetAtr, regime).approx * atrTicks * factor)),
  };
}

/** Planned distance average → stop: what is wanted (so many ATR), never nearer than the floors in price and in round-trip costs (rules.md §5). */
export function stopDistanceTicks(
  exits: ExitsPolicy,
  wantedTicks: number,
  priceTicks: number,
  roundTripShare: number,
): number {
  const distance = Math.max(
    wantedTicks,
    exits.stopCostMultiple.approx * roundTripShare * priceTicks,
    (exits.stopPercentMin.approx / 100) * priceTicks,
  );
  return Math.max(1, up(distance));
}

/**
 * Brings stop, partial and target to what the position needs now; of one that is being closed the stop, and the close itself where nothing of
 * it is on its way. `afterRung`: the stop may move away from the market, to the new average.
 */
export function protect(registry: Registry, symbol: SymbolState, position: Position, afterRung: boolean): void {
  if (registry.folding) return;
  markTouched(registry, symbol);
  if (position.leftAlone === true) return setWatch(registry, symbol);
  protectByStop(registry, symbol, position, afterRung);
  if (position.closing === undefined) standTargets(registry, symbol, position);
  else if (symbol.working === undefined) beginClose(registry, symbol, position);
  setWatch(registry, symbol);
}

function protectByStop(registry: Registry, symbol: SymbolState, position: Position, afterRung: boolean): void {
  const { side, lots } = position.holding;
  const standing = liveOrder(symbol, position.number, 'stop');
  const wanted = stopTicks(registry, symbol, position);
  const kept = standing === undefined || afterRung ? wanted : nearer(side, wanted, standing.ticksWanted);
  // One that is placed in its stead is to stand there too, though its distance would allow more by now.
  if (kept !== wanted) position.exits.raisedTicks = kept;
  if (standing !== undefined)
    return amend(registry, standing, kept, lots + standing.filledLots, position.exits.stopReason);
  if (symbol.markTicks !== 0 && side * (symbol.markTicks - kept) <= 0)
    return closePosition(registry, symbol, position, 'stop');
  const attempt = nextAttempt(position, 'stop', 0);
  if ((position.stopsLost ?? 0) >= ATTEMPTS_MAX || attempt > ATTEMPTS_OF_A_STEP)
    return closePosition(registry, symbol, position, 'stop-not-standing');
  place(
    registry,
    symbol,
    {
      role: 'stop',
      position: position.number,
      step: 0,
      attempt,
      side: opposite(side),
      sizeLots: lots,
      terms: { type: 'stop', triggerTicks: ticks(kept), by: registry.policy.exits.stopTrigger },
    },
    'reduces',
    position.exits.stopReason,
  );
}

/** The tick nearer to the market of two stops. */
function nearer(side: Side, a: number, b: number): number {
  return side === 1 ? Math.max(a, b) : Math.min(a, b);
}

/** Where the stop belongs: its first place (`firstStopTicks`), or nearer, where it has been already. */
function stopTicks(registry: Registry, symbol: SymbolState, position: Position): number {
  const { holding, exits } = position;
  const balance = balanceUnits(registry);
  const first = firstStopTicks(registry.policy, balance, symbol.instrument, holding, exits.stopDistanceTicks);
  return exits.raisedTicks === 0 ? first : Math.max(1, nearer(holding.side, first, exits.raisedTicks));
}

/**
 * The planned distance from the average, cut to what `max_loss_per_position` allows. Rounded towards the market: the loss is never larger
 * than planned. `balanceUnits` in 10⁻⁸ USDT.
 */
export function firstStopTicks(
  policy: Policy,
  balanceUnits: number,
  instrument: Instrument,
  holding: Pick<Holding, 'side' | 'lots' | 'costUnits'>,
  distanceTicks: number,
): number {
  const lossMax = positionLossMax(plain, policy, balanceUnits);
  const distanceMax = Math.floor(lossMax / (holding.lots * instrument.moneyPerTickLot));
  const distance = Math.max(1, Math.min(distanceTicks, distanceMax));
  return stopTicksAt(holding.side, averageTicks(holding, instrument), distance);
}

/** The next partial step that has not happened, if its guards let it, and the target for the rest. */
function standTargets(registry: Registry, symbol: SymbolState, position: Position): void {
  const { holding, exits } = position;
  const { side } = holding;
  const average = averageTicks(holding, symbol.instrument);
  const net = exits.roundTripShare * average;
  const partLots = standPartial(registry, symbol, position, average, net);
  const rest = holding.lots - partLots;
  standLimit(registry, symbol, position, 'target', 0, rest, targetTicksAt(side, average, exits));
}

/** Returns the lots that the standing partial will take. */
function standPartial(
  registry: Registry,
  symbol: SymbolState,
  position: Position,
  average: number,
  net: number,
): number {
  const { policy } = registry;
  const { side } = position.holding;
  const number = position.partials.filter((partial) => partial.done).length + 1;
  const standing = liveOrder(symbol, position.number, 'partial', number);
  if (standing !== undefined && standing.filledLots > 0) return keepFilling(registry, standing, position.holding.lots);
  const ending = endingOrder(symbol, position.number, 'partial', number);
  if (ending !== undefined) return Math.min(ending.sizeLots - ending.filledLots, position.holding.lots);
  const step = policy.partial.steps[number - 1];
  if (step === undefined) {
    // A life that was configured otherwise has placed it.
    if (standing !== undefined) cancel(registry, standing, 'nothing is left for it');
    return 0;
  }
  const price = Math.max(
    1,
    forward(side, average + side * (step.at.approx * position.exits.targetDistanceTicks + net)),
  );
  const situation = <N>(m: Arithmetic<N>): PartialSituation<N> => ({
    side,
    sizeLots: position.holding.lots,
    entryLots: position.entryLots === 0 ? position.holding.lots : position.entryLots,
    average: m.times(
      m.over(m.whole(position.holding.costUnits), m.whole(position.holding.lots * symbol.instrument.moneyPerTickLot)),
      m.of(symbol.instrument.tickSize),
    ),
    price: priceOf(m, symbol.instrument, price),
    coinsPerLot: m.of(symbol.instrument.coinsPerLot),
    lotsMin: symbol.instrument.lotsMin,
    profile: registry.profile,
    regime: position.regime,
    planned: step.fraction,
    entryFeeRate: m.over(
      m.whole(position.enteredFeeUnits),
      // Of an adopted position the average is no whole tick, and its sum no whole number but for the rounding.
      m.whole(Math.max(1, Math.round(position.enteredTickLots * symbol.instrument.moneyPerTickLot))),
    ),
    exitFeeRate: m.of(policy.execution.feeRates.maker),
  });
  const verdict = judgePartial(policy, situation);
  const gates = registry.traced
    ? explained(registry, symbol, undefined, () => readPartial(policy, situation(fractions)))
    : undefined;
  if (verdict.code !== null) {
    hold(registry, symbol, position, number, verdict.code, gates);
    if (standing !== undefined) cancel(registry, standing, verdict.code);
    return 0;
  }
  position.held = undefined;
  standLimit(registry, symbol, position, 'partial', number, verdict.partLots, price, gates);
  return verdict.partLots;
}

/** A step that has begun goes on as it stands, but never for more than is left of the position. Returns the lots it will take. */
function keepFilling(registry: Registry, standing: OpenOrder, lots: number): number {
  const left = Math.min(standing.sizeLots - standing.filledLots, lots);
  amend(registry, standing, standing.ticksWanted, standing.filledLots + left, 'less is left of the position');
  return left;
}

/** The same no to the same step is told once. */
function hold(
  registry: Registry,
  symbol: SymbolState,
  position: Position,
  step: number,
  code: PartialGuard,
  gates: readonly GateReading[] | undefined,
): void {
  const said = `${step} ${code}`;
  if (position.held === said) return;
  position.held = said;
  decide(registry, {
    kind: 'held',
    at: registry.now,
    instId: symbol.instrument.instId,
    step,
    code,
    exit: exitReading(registry, symbol, gates),
  });
}

/** Places the order or brings it to price and size; where one that was called back may still fill, its end comes first. */
function standLimit(
  registry: Registry,
  symbol: SymbolState,
  position: Position,
  role: 'target' | 'partial',
  step: number,
  sizeLots: number,
  priceTicks: number,
  gates?: readonly GateReading[],
): void {
  const standing = liveOrder(symbol, position.number, role, step);
  if (sizeLots <= 0) return standing === undefined ? undefined : cancel(registry, standing, 'nothing is left for it');
  if (standing !== undefined)
    return amend(registry, standing, priceTicks, sizeLots + standing.filledLots, 'the position changed');
  if (endingOrder(symbol, position.number, role, step) !== undefined) return;
  if (!mayStand(registry, symbol, position, `${role}${step}`)) return;
  place(
    registry,
    symbol,
    {
      role,
      position: position.number,
      step,
      attempt: nextAttempt(position, role, step),
      side: opposite(position.holding.side),
      sizeLots,
      terms: { type: 'limit', priceTicks: ticks(priceTicks), postOnly: false },
      gates,
    },
    'reduces',
    role,
  );
}

/** After so many tries of a target or partial the next one does not go out as soon as it has ended: stops share the exchange's limit with it. */
const ATTEMPTS_AT_ONCE = 3;
const STANDS_SOON_MS = 2_000;
const STANDS_AGAIN_MS = 60_000;

/**
 * Whether a target or partial is tried: after so many attempts 2 s, after more a minute from the one before, since the exchange may take it again; never
 * one that has no name. Where the instrument is not traded a minute from the first on: whatever else of the position ends asks for all that it lacks.
 */
function mayStand(registry: Registry, { untradable }: SymbolState, position: Position, key: string): boolean {
  const before = position.attempts.get(key) ?? 0;
  const isTraded = untradable === undefined;
  if (isTraded && before < ATTEMPTS_AT_ONCE) return true;
  const againAt = position.standsAgainAt?.get(key) ?? 0;
  if (before >= ATTEMPTS_OF_A_STEP || registry.now < againAt) return false;
  position.standsAgainAt ??= new Map();
  position.standsAgainAt.set(
    key,
    registry.now + (isTraded && before < ATTEMPTS_MAX ? STANDS_SOON_MS : STANDS_AGAIN_MS),
  );
  return true;
}

/** Sets the prices between which the core has nothing to do. A position that leaves patiently is watched by the guard alone. */
export function setWatch(registry: Registry, symbol: SymbolState): void {
  const { position } = symbol;
  symbol.watchBelowTicks = 0;
  symbol.watchAboveTicks = Number.POSITIVE_INFINITY;
  if (position === undefined || position.leftAlone === true) return;
  if (position.closing !== undefined && isUrgent(position.closing)) return;
  const guard = watchGuardTicks(registry, symbol, position);
  const gain = position.closing === undefined ? watchGainTicks(registry, symbol, position) : undefined;
  if (position.holding.side === 1) {
    symbol.watchBelowTicks = guard;
    symbol.watchAboveTicks = gain ?? Number.POSITIVE_INFINITY;
  } else {
    symbol.watchBelowTicks = gain ?? 0;
    symbol.watchAboveTicks = guard;
  }
}

/** Looks at the mark: liquidation guard, breakeven, trail. Does nothing strictly between the watch prices. */
export function onMark(registry: Registry, symbol: SymbolState): void {
  const { position, markTicks } = symbol;
  if (registry.folding || position === undefined) return;
  if (markTicks > symbol.watchBelowTicks && markTicks < symbol.watchAboveTicks) return;
  if (hasReached(opposite(position.holding.side), markTicks, watchGuardTicks(registry, symbol, position)))
    return closePosition(registry, symbol, position, 'liquidation-guard');
  if (position.closing !== undefined) return;
  markTouched(registry, symbol);
  if (raiseStop(registry, symbol, position)) protectByStop(registry, symbol, position, false);
  setWatch(registry, symbol);
}

/** True where the mark has come to a price that lies in the direction of `side`. */
function hasReached(side: Side, markTicks: number, priceTicks: number): boolean {
  return side === 1 ? markTicks >= priceTicks : markTicks <= priceTicks;
}

/** The next price in the position's favour at which breakeven or the trail moves the stop. */
function watchGainTicks(registry: Registry, symbol: SymbolState, position: Position): number {
  const { side } = position.holding;
  const never = side === 1 ? Number.POSITIVE_INFINITY : 0;
  const breakeven =
    breakevenStopTicks(symbol, position) === undefined ? never : breakevenTicks(registry, symbol, position);
  const trail = trailNextTicks(registry, symbol, position) ?? never;
  return side === 1 ? Math.min(breakeven, trail) : Math.max(breakeven, trail);
}

/** Profit of `breakevenPercent` net of costs, as a price; a tick at least: a stop at the mark itself would close at once. */
function breakevenTicks(registry: Registry, symbol: SymbolState, position: Position): number {
  const { side } = position.holding;
  const average = averageTicks(position.holding, symbol.instrument);
  const gain = (average * ofRegime(registry.policy.exits.breakevenPercent, position.regime).approx) / 100;
  return forward(side, average * (1 + side * fullCostShare(symbol, position)) + side * Math.max(1, gain));
}

/** Where breakeven brings the stop; undefined where breakeven or the trail has brought it there, or nearer, already. */
function breakevenStopTicks(symbol: SymbolState, position: Position): number | undefined {
  const { holding, exits } = position;
  const { side } = holding;
  const stop = forward(side, averageTicks(holding, symbol.instrument) * (1 + side * fullCostShare(symbol, position)));
  return exits.raisedTicks !== 0 && side * (stop - exits.raisedTicks) <= 0 ? undefined : stop;
}

/**
 * What the position costs in and out, as a share of the price: the round trip as planned, and more where its fills have paid more: a taker
 * that followed its maker. What only the rounding of fees adds is nothing.
 */
function fullCostShare({ instrument }: SymbolState, { exits, enteredFeeUnits, enteredTickLots }: Position): number {
  const { roundTripShare, exitShare } = exits;
  const paid = enteredFeeUnits / Math.max(1, enteredTickLots * instrument.moneyPerTickLot) + exitShare;
  return paid > roundTripShare * (1 + 1e-5) ? paid : roundTripShare;
}

/** The mark at which the trail begins, or moves the stop by its next step; undefined without a trail. */
function trailNextTicks(registry: Registry, symbol: SymbolState, position: Position): number | undefined {
  const { trailing } = registry.policy.exits;
  if (trailing === undefined) return undefined;
  const { holding, exits } = position;
  const { side } = holding;
  const activation =
    averageTicks(holding, symbol.instrument) *
    (1 + side * (trailing.activationPercent.approx / 100 + exits.roundTripShare));
  const begins = forward(side, activation);
  if (exits.bestTicks === 0) return begins;
  const step = Math.max(1, Math.floor(trailing.stepShare.approx * trailing.distanceAtr.approx * exits.atrTicks));
  return exits.bestTicks + side * step;
}

/** Moves the stop's raised price where breakeven or the trail say so; false where nothing moved. */
function raiseStop(registry: Registry, symbol: SymbolState, position: Position): boolean {
  const { holding, exits } = position;
  const { side } = holding;
  const before = exits.raisedTicks;
  const breakeven = breakevenStopTicks(symbol, position);
  if (breakeven !== undefined && hasReached(side, symbol.markTicks, breakevenTicks(registry, symbol, position))) {
    exits.raisedTicks = breakeven;
    exits.stopReason = 'breakeven';
  }
  const { trailing } = registry.policy.exits;
  const next = trailNextTicks(registry, symbol, position);
  if (trailing !== undefined && next !== undefined && hasReached(side, symbol.markTicks, next)) {
    exits.bestTicks = symbol.markTicks;
    const trailed = forward(side, symbol.markTicks - side * Math.max(1, trailing.distanceAtr.approx * exits.atrTicks));
    const stands = exits.raisedTicks === 0 ? stopTicks(registry, symbol, position) : exits.raisedTicks;
    if (side * (trailed - stands) > 0) {
      exits.raisedTicks = trailed;
      exits.stopReason = 'trailing';
    }
  }
  return exits.raisedTicks !== before;
}

/** The mark at which the guard closes: `liquidationGuardShare` of the way from the average to the liquidation price. */
export function watchGuardTicks(registry: Registry, symbol: SymbolState, position: Position): number {
  const { holding } = position;
  const never = holding.side === 1 ? 0 : Number.POSITIVE_INFINITY;
  if (position.leverage === undefined) return never;
  const quantity = holding.lots * symbol.instrument.moneyPerTickLot;
  const liquidation = liquidationPrice(
    plain,
    { side: holding.side, quantity, cost: holding.costUnits, margin: holding.costUnits / position.leverage },
    {
      maintenance: maintenanceRate(plain, symbol.instrument, holding.lots),
      closingFee: registry.policy.execution.feeRates.taker.approx,
    },
  );
  const average = holding.costUnits / quantity;
  const guard = average + registry.policy.exits.liquidationGuardShare.approx * (liquidation - average);
  return guard <= 0 ? never : forward(holding.side, guard);
}

/** The time limit has come. */
export function onTimeLimit(registry: Registry, symbol: SymbolState): void {
  const { position } = symbol;
  if (registry.folding || position === undefined || position.closing !== undefined) return;
  if (registry.now < position.exits.timeLimitAt) return;
  closePosition(registry, symbol, position, 'time');
}

/** A same-side signal on a position in profit in a strong trend: more time, a farther target (rules.md §5, Extension). */
export function extend(registry: Registry, symbol: SymbolState, position: Position, signal: SignalFacts): void {
  const { extension, timeLimitMs } = registry.policy.exits;
  const { exits, holding } = position;
  const { adx } = symbol.series;
  if (
    position.leftAlone === true ||
    signal.side !== holding.side ||
    exits.extensions >= extension.timesMax ||
    adx === undefined ||
    adx <= extension.adxMin.approx
  )
    return;
  const average = averageTicks(holding, symbol.instrument);
  const least = average * (1 + holding.side * (extension.profitPercentMin.approx / 100 + exits.roundTripShare));
  if (!hasReached(holding.side, symbol.markTicks, forward(holding.side, least))) return;
  markTouched(registry, symbol);
  exits.extensions += 1;
  exits.timeLimitAt += Math.round(
    ofRegime(timeLimitMs, position.regime) * ofRegime(extension.timeShare, position.regime).approx,
  );
  exits.targetDistanceTicks = up(exits.targetDistanceTicks * extension.targetFactor.approx);
  standTargets(registry, symbol, position);
}

/**
 * Brings the distances of a position in profit, net of costs, to what the volatility makes of its first ones (rules.md §6.2). The target moves
 * either way; the stop as `protect` lets it, so away from the market only right after the next rung.
 */
export function retune(registry: Registry, symbol: SymbolState): void {
  const { position } = symbol;
  if (position !== undefined && position.closing === undefined) retunePosition(registry, symbol, position);
}

function retunePosition(registry: Registry, symbol: SymbolState, position: Position): void {
  if (registry.folding || position.leftAlone === true) return;
  const { exits, holding } = position;
  const ratio = retuneRatio(registry, symbol, position);
  if (ratio === undefined || ratio === exits.tunedBy) return;
  const { side } = holding;
  const average = averageTicks(holding, symbol.instrument);
  if (!hasReached(side, symbol.markTicks, forward(side, average * (1 + side * exits.roundTripShare)))) return;
  const policy = registry.policy.exits;
  const stretched = exits.first.targetTicks * ratio * policy.extension.targetFactor.approx ** exits.extensions;
  const stop = stopDistanceTicks(policy, exits.first.stopTicks * ratio, average, exits.roundTripShare);
  const target = Math.max(1, up(stretched));
  if (stop === exits.stopDistanceTicks && target === exits.targetDistanceTicks) return;
  tellRetuning(registry, symbol, exits.tunedBy, ratio);
  exits.stopDistanceTicks = stop;
  exits.targetDistanceTicks = target;
  exits.tunedBy = ratio;
  exits.tunedAt = registry.now;
  protect(registry, symbol, position, false);
}

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

/** Or of what closes everything. */
function isOfAPerson(reason: CloseReason): boolean {
  return reason === 'operator' || reason === 'end-of-data' || reason === EMERGENCY_STOP;
}

/** A close at the market is as quick as it gets; anything else that is on its way is called back for one. */
function hasten(registry: Registry, symbol: SymbolState, position: Position, reason: CloseReason): void {
  if (!isUrgent(position.closing)) position.closing = reason;
  setWatch(registry, symbol);
  if (isOfAPerson(reason)) forgetRefusal(position);
  const { working } = symbol;
  if (working === undefined) beginClose(registry, symbol, position);
  else if (working.purpose !== 'close' || !isTaker(working)) stopWork(registry, symbol, reason);
}

/** A time limit or an opposite signal may leave as maker first; everything else goes to the market at once. */
function isUrgent(reason: CloseReason | undefined): boolean {
  return reason !== 'time' && reason !== 'opposite';
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

/** So many attempts have a name within a step; closes go on for as long as the exchange refuses them. */
const ATTEMPTS_OF_A_STEP = 1_000;

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
