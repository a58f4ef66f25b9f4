/** Target and partials: what stands of them on the exchange, and when one that was refused is tried again. Source: rules.md §5, lessons.md 9; decision 0037. */

import { explained } from '../alert.ts';
import { type Arithmetic, fractions } from '../numbers/arithmetic.ts';
import { opposite, ticks } from '../numbers/units.ts';
import {
  ATTEMPTS_OF_A_STEP,
  amend,
  cancel,
  decide,
  endingOrder,
  liveOrder,
  nextAttempt,
  place,
} from '../orders/orders.ts';
import { averageTicks } from '../position/position.ts';
import type { GateReading, PartialGuard } from '../refusal.ts';
import type { OpenOrder, Position, Registry, SymbolState } from '../registry.ts';
import { priceOf } from '../situation.ts';
import { forward, targetTicksAt } from './exit-prices.ts';
import { exitReading } from './exit-reading.ts';
import { judgePartial, type PartialSituation, readPartial } from './partial.ts';

/** Where the exchange has refused or ended so many stops none is placed again, but the position closed; any other exit is tried now and then (decisions 0037, 0038). */
export const ATTEMPTS_MAX = 20;

/** The next partial step that has not happened, if its guards let it, and the target for the rest. */
export function standTargets(registry: Registry, symbol: SymbolState, position: Position): void {
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
