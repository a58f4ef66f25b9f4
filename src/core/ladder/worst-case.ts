/**
 * The worst case of the book: one reckoning for the gate `worst-case-too-large`, the plan of a ladder or a book, and the live view.
 *
 * Two adverse roads, both with everything filled that still may be: every planned rung of every position, every entry on its way with its
 * whole ladder, what is left of a rung's order. `stopped`: then every stop is hit, or the position liquidated where that is nearer (rules.md
 * §8); the gate's figure. `shocked`: then every market moves at once so many ATR against us. Losses are what the balance has still to lose:
 * fees that are paid are gone. Amounts in whole 10⁻⁸ USDT, rounded up; read in doubles with + − × ÷ √ only.
 * Never too small on the way against us: lab/worst-case-walk.test.ts walks the simulator down both roads. How stops, gaps and rungs count, and those of
 * a short in profit: docs/decisions/0012.
 * Deliberately absent: funding (how long it takes is not known), gaps of the road `stopped` (that is what the other one is for).
 */

import { exitCost as exitCostShare } from '../adding/cost.ts';
import { up } from '../exits/exit-prices.ts';
import type { Instrument } from '../instrument/instrument.ts';
import { Doubles } from '../numbers/arithmetic.ts';
import type { Decimal } from '../numbers/decimal.ts';
import type { Side } from '../numbers/units.ts';
import { liveOrder } from '../orders/orders.ts';
import type { ExecutionPolicy, Policy } from '../policy.ts';
import { liquidationPrice } from '../position/margin.ts';
import { averageTicks } from '../position/position.ts';
import {
  balanceUnits,
  isIdle,
  leverageOf,
  type OpenOrder,
  type PlannedExits,
  type Position,
  type Registry,
  type SymbolState,
} from '../registry.ts';
import { costSharesAround, maintenanceRate } from '../situation.ts';
import { coefficientsLeftFor } from './kept-ladder.ts';
import { positionLossMax } from './limits.ts';

const plain = new Doubles();

/** A ladder as far as it can lose: what is held, what may still come. */
export interface LadderExposure {
  readonly instrument: Instrument;
  readonly side: Side;
  /** Cost of what is held; 0 of an entry that is on its way or only planned. */
  readonly heldUnits: number;
  /** Value that may still be bought: rungs left, what is left of an order; of an entry itself and its whole ladder. */
  readonly comingUnits: number;
  /** What the ladder is climbed from: `heldUnits`, or the value of an entry. */
  readonly firstUnits: number;
  /** Average of what is held, or the entry's price. */
  readonly averageTicks: number;
  readonly stopDistanceTicks: number;
  /** Average → target, costs and every extension that may come included (`targetReachTicks`): how deep the rungs of a short may come. */
  readonly targetReachTicks: number;
  /** What is held loses so much, costs apart, at the stop that stands: it was placed by the balance of then. Absent: none stands. */
  readonly atStopUnits?: number;
  /** Nobody has placed a stop: a position that is left alone. */
  readonly isUnstopped?: boolean;
  /** Undefined: not known, and so is the liquidation. */
  readonly leverage: number | undefined;
  /** Leaving as taker: fee, spread and slippage as a share of the value. */
  readonly exitShare: number;
  readonly markTicks: number;
  readonly atrTicks: number;
}

/** What one ladder can lose on either road. */
export interface LadderWorstCase {
  readonly instrument: Instrument;
  readonly side: Side;
  /** Everything filled, at cost. */
  readonly valueUnits: number;
  /** Undefined without a leverage. */
  readonly marginUnits: number | undefined;
  readonly stoppedUnits: number;
  readonly shockedUnits: number;
  /** The liquidation comes before the stop: then the whole margin is lost. */
  readonly isLiquidatedFirst: boolean;
  /** Mark at which it is liquidated with everything filled; undefined where nothing does. */
  readonly liquidationTicks: number | undefined;
  /** How far that is, as a share of the mark. */
  readonly liquidationShare: number | undefined;
}

/** What all ladders can lose together. */
export interface BookWorstCase {
  /** By symbol, in the order of the configuration; an entry that is half filled is two. */
  readonly ladders: readonly LadderWorstCase[];
  readonly valueUnits: number;
  /** Those of unknown leverage count with their whole value. */
  readonly marginUnits: number;
  readonly stoppedUnits: number;
  readonly shockedUnits: number;
  /** Whose liquidation is nearest. */
  readonly nearest: LadderWorstCase | undefined;
}

/** Loss of everything that is open or on its way if every stop is hit: what the gate adds an entry's own to. */
export function bookWorstCaseUnits(registry: Registry): number {
  let loss = 0;
  const balance = balanceUnits(registry);
  for (const symbol of registry.symbols) {
    if (isIdle(symbol)) continue;
    for (const exposure of exposuresOf(registry, symbol)) loss += stoppedLossUnits(registry.policy, balance, exposure);
  }
  return loss;
}

/** Both roads, ladder by ladder and together. */
export function bookWorstCase(registry: Registry): BookWorstCase {
  const balance = balanceUnits(registry);
  return togetherOf(
    registry.symbols.flatMap((symbol) =>
      exposuresOf(registry, symbol).map((exposure) => ladderWorstCase(registry.policy, balance, exposure)),
    ),
  );
}

/** At correlation 1 losses add up; nothing that one ladder gains is set against another's loss. */
export function togetherOf(ladders: readonly LadderWorstCase[]): BookWorstCase {
  const sum = (of: (ladder: LadderWorstCase) => number) => ladders.reduce((total, ladder) => total + of(ladder), 0);
  return {
    ladders,
    valueUnits: sum(({ valueUnits }) => valueUnits),
    marginUnits: sum(({ marginUnits, valueUnits }) => marginUnits ?? valueUnits),
    stoppedUnits: sum(({ stoppedUnits }) => stoppedUnits),
    shockedUnits: sum(({ shockedUnits }) => shockedUnits),
    nearest: nearestOf(ladders),
  };
}

/** The first whose liquidation is the smallest share of its mark away; undefined where nothing liquidates any. */
function nearestOf(ladders: readonly LadderWorstCase[]): LadderWorstCase | undefined {
  let nearest: LadderWorstCase | undefined;
  let nearestShare = Number.POSITIVE_INFINITY;
  for (const ladder of ladders) {
    const { liquidationShare = Number.POSITIVE_INFINITY } = ladder;
    if (liquidationShare >= nearestShare) continue;
    nearest = ladder;
    nearestShare = liquidationShare;
  }
  return nearest;
}

/** Both roads of one ladder. `balanceUnits`: of the account, for `max_loss_per_position`. */
export function ladderWorstCase(policy: Policy, balanceUnits: number, exposure: LadderExposure): LadderWorstCase {
  const { instrument, side, markTicks } = exposure;
  const valueUnits = filledUnits(exposure);
  const liquidation = liquidationTicks(policy, exposure);
  return {
    instrument,
    side,
    valueUnits,
    marginUnits: marginUnits(exposure),
    stoppedUnits: stoppedLossUnits(policy, balanceUnits, exposure),
    shockedUnits: shockedLossUnits(policy, exposure, policy.limits.shockAtr.approx * exposure.atrTicks),
    isLiquidatedFirst: isLiquidatedFirst(policy, exposure),
    liquidationTicks: liquidation,
    liquidationShare: liquidation === undefined ? undefined : (side * (markTicks - liquidation)) / markTicks,
  };
}

/**
 * Everything filled, then the stop. The stop stands at its distance from the average, and nearer where `max_loss_per_position` says so: for the
 * next fill by the balance of now, until then where the last one has placed it. It fills there, less spread, slippage (a whole tick at least) and fee.
 *
 * Rungs that come lower buy more contracts for the same value: one of a long comes before the stop of what is held then, one of a short before
 * its target. With `reach` the distance to it, as a share of the price there, the average comes down by at most
 * reach × Σ rung / position after it ≤ reach × ln(all / first) ≤ reach × (all/first − 1) / √(all/first).
 */
export function stoppedLossUnits(policy: Policy, balanceUnits: number, exposure: LadderExposure): number {
  const { firstUnits, averageTicks: average, stopDistanceTicks: distance } = exposure;
  const all = filledUnits(exposure);
  if (all === 0) return 0;
  const entryCost = exposure.comingUnits * entryFeeShare(policy.execution);
  const margin = marginUnits(exposure);
  if (exposure.isUnstopped === true) return roundedUp((margin ?? all) + entryCost);
  if (margin !== undefined && isLiquidatedFirst(policy, exposure)) return roundedUp(margin + entryCost);
  const growth = all / firstUnits;
  const deepest = Math.max(average / 2, average - (exposure.side === 1 ? distance : exposure.targetReachTicks));
  const reach = (average / deepest) * (average - deepest);
  const lowest = Math.max(average / 2, average - (reach * (growth - 1)) / Math.sqrt(growth));
  const tickUnits = all / lowest;
  const allowed = positionLossMax(plain, policy, balanceUnits);
  const atStop = Math.min(tickUnits * distance, Math.max(allowed, exposure.atStopUnits ?? 0, tickUnits));
  return roundedUp(atStop + exitCost(policy, exposure, all + atStop, tickUnits) + entryCost);
}

/**
 * Everything filled at the mark, then a move of `moveTicks` against us at once. No rung helps on the way or after the stop, and a stop in the
 * way is no help either: it fills where the move ends. What is left of a gain is not counted. In isolated margin no more than the margin is lost;
 * what may come may also stay away, so a position that only its rungs would save counts as liquidated with them.
 */
export function shockedLossUnits(policy: Policy, exposure: LadderExposure, moveTicks: number): number {
  const { side, heldUnits, comingUnits, averageTicks: average, markTicks, exitShare } = exposure;
  const all = filledUnits(exposure);
  if (all === 0) return 0;
  const end = Math.max(0, markTicks - side * moveTicks);
  const tickUnits = heldUnits / average + comingUnits / markTicks;
  const entryCost = comingUnits * (entryFeeShare(policy.execution) + exitShare);
  const margin = marginUnits(exposure);
  const most = margin === undefined ? Number.POSITIVE_INFINITY : margin + entryCost;
  const isPassed = (each: LadderExposure): boolean => {
    const liquidation = liquidationTicks(policy, each);
    return liquidation !== undefined && side * (end - liquidation) <= 0;
  };
  if (isPassed(exposure) || isPassed({ ...exposure, comingUnits: 0 })) return roundedUp(most);
  const moved = side * (all - tickUnits * end);
  return roundedUp(
    Math.min(most, Math.max(0, moved + exitCost(policy, exposure, tickUnits * end, tickUnits)) + entryCost),
  );
}

/** The exposure of an entry of this value and of its whole ladder. `coefficients`: Σ in the regime where it is largest. */
export function entryExposure(
  entry: Pick<
    LadderExposure,
    | 'instrument'
    | 'side'
    | 'stopDistanceTicks'
    | 'targetReachTicks'
    | 'leverage'
    | 'exitShare'
    | 'markTicks'
    | 'atrTicks'
  > & { readonly priceTicks: number; readonly valueUnits: number; readonly coefficients: Decimal },
): LadderExposure {
  const { valueUnits } = entry;
  // Field by field, as in `positionExposure`: a rest and a spread cost more than the reckoning that is made of them.
  return {
    instrument: entry.instrument,
    side: entry.side,
    heldUnits: 0,
    comingUnits: valueUnits * (1 + entry.coefficients.approx),
    firstUnits: valueUnits,
    averageTicks: entry.priceTicks,
    stopDistanceTicks: entry.stopDistanceTicks,
    targetReachTicks: entry.targetReachTicks,
    atStopUnits: 0,
    isUnstopped: false,
    leverage: entry.leverage,
    exitShare: entry.exitShare,
    markTicks: entry.markTicks,
    atrTicks: entry.atrTicks,
  };
}

/** How far behind the average price the target may come to stand: its costs, and every extension that is left. Distances in ticks. */
export function targetReachTicks(
  { exits: { extension } }: Policy,
  averageTicks: number,
  exits: Pick<PlannedExits, 'targetDistanceTicks' | 'roundTripShare'>,
  extensions = 0,
): number {
  let distance = exits.targetDistanceTicks;
  for (let made = extensions; made < extension.timesMax; made++)
    distance = up(distance * extension.targetFactor.approx);
  return distance + exits.roundTripShare * averageTicks;
}

/** What is open on a symbol and what is on its way. */
function exposuresOf(registry: Registry, symbol: SymbolState): readonly LadderExposure[] {
  const { position } = symbol;
  const exposures = position === undefined ? [] : [positionExposure(registry, symbol, position)];
  for (const open of symbol.orders) {
    const exposure = open.order.reduceOnly ? undefined : orderExposure(registry, symbol, open);
    if (exposure !== undefined) exposures.push(exposure);
  }
  return exposures;
}

function positionExposure(registry: Registry, symbol: SymbolState, position: Position): LadderExposure {
  const { holding, exits, rungs, leverage } = position;
  const left = coefficientsLeftFor(symbol, position, registry.profile)[rungs.length] ?? 0;
  let comingUnits = position.baseUnits * left;
  for (const open of symbol.orders) if (isRungBegun(open, position)) comingUnits += leftUnits(symbol, open);
  const average = averageTicks(holding, symbol.instrument);
  const stopTicks = liveOrder(symbol, position.number, 'stop')?.ticks ?? average;
  return {
    instrument: symbol.instrument,
    side: holding.side,
    heldUnits: holding.costUnits,
    comingUnits,
    firstUnits: holding.costUnits,
    averageTicks: average,
    stopDistanceTicks: exits.stopDistanceTicks,
    targetReachTicks: targetReachTicks(registry.policy, average, exits, exits.extensions),
    atStopUnits: (holding.side * (average - stopTicks) * holding.costUnits) / average,
    isUnstopped: position.leftAlone === true,
    leverage,
    exitShare: dearer(registry.policy, exits.exitShare),
    markTicks: symbol.markTicks,
    atrTicks: symbol.series.atrTicks ?? exits.atrTicks,
  };
}

/** A rung with any fill is used up (D3), but what is left of its order may still come. */
function isRungBegun({ order, filledLots }: OpenOrder, position: Position): boolean {
  return order.role === 'rung' && order.position === position.number && filledLots > 0;
}

/** An entry on its way; or a rung whose position is gone: it would stand alone, without a ladder. Undefined where the position counts it. */
function orderExposure(registry: Registry, symbol: SymbolState, open: OpenOrder): LadderExposure | undefined {
  const { order, exits } = open;
  if (order.role === 'rung' && symbol.position !== undefined) return undefined;
  const { instrument, markTicks } = symbol;
  const priceTicks = takingTicks(symbol, open);
  const valueUnits = leftUnits(symbol, open);
  const common = {
    instrument,
    side: order.side,
    stopDistanceTicks: exits?.stopDistanceTicks ?? priceTicks,
    targetReachTicks: exits === undefined ? priceTicks : targetReachTicks(registry.policy, priceTicks, exits),
    leverage: leverageOf(open),
    exitShare:
      exits === undefined
        ? costSharesAround(symbol, registry.policy, priceTicks).exit
        : dearer(registry.policy, exits.exitShare),
    markTicks: markTicks || priceTicks,
    atrTicks: symbol.series.atrTicks ?? exits?.atrTicks ?? priceTicks,
  };
  if (order.role === 'entry')
    return entryExposure({ ...common, priceTicks, valueUnits, coefficients: symbol.coefficientSums[registry.profile] });
  return { ...common, heldUnits: 0, comingUnits: valueUnits, firstUnits: valueUnits, averageTicks: priceTicks };
}

/** Value of what an order may still buy, at the touch. */
function leftUnits(symbol: SymbolState, open: OpenOrder): number {
  return (open.sizeLots - open.filledLots) * takingTicks(symbol, open) * symbol.instrument.moneyPerTickLot;
}

/** The price at which an order would take; its own where there is no touch yet. */
function takingTicks(symbol: SymbolState, { order, ticks }: OpenOrder): number {
  return (order.side === 1 ? symbol.askTicks : symbol.bidTicks) || ticks;
}

function filledUnits({ heldUnits, comingUnits }: LadderExposure): number {
  return heldUnits + comingUnits;
}

function marginUnits(exposure: LadderExposure): number | undefined {
  return exposure.leverage === undefined ? undefined : filledUnits(exposure) / exposure.leverage;
}

/** Every fill rounds its fee and its margin up by a unit: as many as a hundred fills. */
function roundedUp(lossUnits: number): number {
  return Math.ceil(lossUnits) + 200;
}

/**
 * Prices are whole ticks: slippage is rounded up to one. A short buys dearer by spread and slippage, and pays the fee on that too.
 * `tickUnits`: what one tick is worth on all of it.
 */
function exitCost(
  { execution }: Policy,
  { side, exitShare }: LadderExposure,
  valueUnits: number,
  tickUnits: number,
): number {
  const cost = valueUnits * exitShare + tickUnits;
  const fee = Math.max(0, execution.feeRates.taker.approx);
  return side === 1 ? cost : cost + fee * Math.max(0, cost - valueUnits * fee);
}

/** What leaving was to cost at the entry, or the fee and slippage of now where the account pays more since. */
function dearer({ execution }: Policy, exitShare: number): number {
  return Math.max(exitShare, exitCostShare(plain, execution, { spreadShare: 0 }));
}

/** An entry or rung that nobody fills as maker follows at the market, unless the style forbids it. */
function entryFeeShare({ entryStyle, feeRates }: ExecutionPolicy): number {
  return Math.max(0, entryStyle === 'maker_only' ? feeRates.maker.approx : feeRates.taker.approx);
}

/** With everything filled: what is held at its average, what comes at the mark. Undefined without a leverage, and where no fall to zero liquidates. */
function liquidationTicks(policy: Policy, exposure: LadderExposure): number | undefined {
  const { heldUnits, comingUnits, averageTicks: average, markTicks } = exposure;
  return liquidationFrom(policy, exposure, heldUnits / average + comingUnits / markTicks);
}

function liquidationFrom(policy: Policy, exposure: LadderExposure, tickUnits: number): number | undefined {
  const { instrument, side } = exposure;
  const margin = marginUnits(exposure);
  if (margin === undefined || tickUnits === 0) return undefined;
  const sizeLots = Math.ceil(tickUnits / instrument.moneyPerTickLot);
  const liquidation = liquidationPrice(
    plain,
    { side, quantity: tickUnits, cost: filledUnits(exposure), margin },
    {
      maintenance: maintenanceRate(plain, instrument, sizeLots),
      closingFee: policy.execution.feeRates.taker.approx,
    },
  );
  return liquidation > 0 ? liquidation : undefined;
}

/** Measured from the average, wherever the rungs bring it: stop and liquidation go with it. */
function isLiquidatedFirst(policy: Policy, exposure: LadderExposure): boolean {
  const { side, averageTicks: average, stopDistanceTicks } = exposure;
  const liquidation = liquidationFrom(policy, exposure, filledUnits(exposure) / average);
  return liquidation !== undefined && side * (average - liquidation) < stopDistanceTicks;
}
