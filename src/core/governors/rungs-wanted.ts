/**
 * Governor 3 at an open position: what it asks for now, and the prices that it publishes. Its rules: additions-without-signal.ts.
 *
 * It remembers nothing: what it asks for follows from the position, the market and the policy. Pyramids are always sent at a close: a limit order
 * ahead of the market would not rest there.
 */
import { rulesFor } from '../ladder/kept-ladder.ts';
import { liveOrder } from '../orders/orders.ts';
import { ofRegime, type Policy } from '../policy.ts';
import { markTouched, type Position, type Registry, type SignalFacts, type SymbolState } from '../registry.ts';
import { regimeMet } from '../situation.ts';
import {
  type AdditionsWithoutSignalPolicy,
  averageDownTicks,
  continuationSign,
  isAwayFrom,
  isDeepEnough,
  isFarEnough,
  type NextRungFacts,
  pullbackSign,
  pyramidTicks,
  signText,
} from './additions-without-signal.ts';

/** Prices at which the next rung would come without a signal; undefined where it would not. */
export interface NextRungPrices {
  readonly averageDownTicks: number | undefined;
  readonly pyramidTicks: number | undefined;
}

const NO_PRICES: NextRungPrices = { averageDownTicks: undefined, pyramidTicks: undefined };

/** Of an open position, for whoever looks on, and for an order that waits there; undefined where the governor is off. */
export function nextRungPrices(
  registry: Registry,
  symbol: SymbolState,
  position: Position,
): NextRungPrices | undefined {
  const facts = nextRungFacts(registry, symbol, position);
  return plannedRungPrices(registry.policy, facts, liveOrder(symbol, position.number, 'stop')?.ticks);
}

/**
 * Of a position that is, or is only planned: undefined where the governor is off, no prices where it has no next rung or no ATR. A price that
 * lies beyond the stop is none: the stop comes first.
 */
export function plannedRungPrices(
  { governors }: Policy,
  facts: NextRungFacts | undefined,
  stopTicks: number | undefined,
): NextRungPrices | undefined {
  const policy = governors.additionsWithoutSignal;
  if (policy === undefined) return undefined;
  if (facts === undefined) return NO_PRICES;
  const down = averageDownTicks(policy, facts);
  const isBeforeStop = down !== undefined && (stopTicks === undefined || facts.side * (down - stopTicks) > 0);
  return {
    averageDownTicks: isBeforeStop ? down : undefined,
    pyramidTicks: pyramidTicks(policy, facts),
  };
}

/** The signal that this governor makes of the candle which has just closed; undefined where it wants no rung now. */
export function rungAsked(registry: Registry, symbol: SymbolState, position: Position): SignalFacts | undefined {
  const policy = registry.policy.governors.additionsWithoutSignal;
  const { series, markTicks } = symbol;
  // Only a closed candle of the signal timeframe says something new.
  if (policy === undefined || !series.hasClosedCandle) return undefined;
  const { side } = position.holding;
  const { atrTicks } = series;
  // The cheapest question first: most candles close near the last rung, most others give no sign.
  if (atrTicks === undefined || !isAwayFrom(policy, side, lastTicksOf(symbol, position), atrTicks, markTicks))
    return undefined;
  const pullback = policy.placement === 'on_trigger' ? pullbackSign(policy, side, series) : undefined;
  const continuation = continuationSign(side, series, series.trendSide);
  if (pullback === undefined && continuation === undefined) return undefined;
  const facts = nextRungFacts(registry, symbol, position);
  if (facts === undefined) return undefined;
  const { averageDown, pyramid } = policy;
  if (pullback !== undefined && ofRegime(averageDown.regimes, facts.regime) && isDeepEnough(policy, facts, markTicks))
    return signalOf(registry, policy, facts, 'average-down', markTicks, [signText(pullback, series)]);
  if (continuation !== undefined && ofRegime(pyramid.regimes, facts.regime) && isFarEnough(policy, facts, markTicks))
    return signalOf(registry, policy, facts, 'pyramid', markTicks, [continuation]);
  return undefined;
}

/** The price at which a rung that averages down is to rest now, as the price of its signal; undefined where none is to. */
export function rungToRest(registry: Registry, symbol: SymbolState, position: Position): SignalFacts | undefined {
  const policy = registry.policy.governors.additionsWithoutSignal;
  if (policy?.placement !== 'resting') return undefined;
  const facts = nextRungFacts(registry, symbol, position);
  const at = nextRungPrices(registry, symbol, position)?.averageDownTicks;
  if (facts === undefined || at === undefined) return undefined;
  return signalOf(registry, policy, facts, 'average-down', at, ['published price']);
}

/** Whether a no was not told yet: position, rung and code in one text. Then it is remembered as told. */
export function isNews(registry: Registry, symbol: SymbolState, no: string): boolean {
  const { additions } = symbol.governors;
  if (additions.told === no) return false;
  additions.told = no;
  markTouched(registry, symbol);
  return true;
}

function nextRungFacts(registry: Registry, symbol: SymbolState, position: Position): NextRungFacts | undefined {
  const { holding, rungs, leverage } = position;
  const { moneyPerTickLot } = symbol.instrument;
  const { atrTicks } = symbol.series;
  if (atrTicks === undefined || position.baseUnits === 0) return undefined;
  const { regime } = regimeMet(registry, symbol, holding.side);
  const rules = rulesFor(symbol, position, registry.profile, regime);
  if (rungs.length >= rules.additionsMax) return undefined;
  return {
    side: holding.side,
    costUnits: holding.costUnits,
    unitsPerTick: holding.lots * moneyPerTickLot,
    leverage,
    lastTicks: lastTicksOf(symbol, position),
    atrTicks,
    regime,
    lossLimitPercent: rules.lossLimitPercent,
    lossBasis: registry.policy.scaling.lossBasis,
  };
}

/** Average price of the last rung, or of the entry before there is one. */
function lastTicksOf({ instrument }: SymbolState, { rungs, entryLots, baseUnits }: Position): number {
  const last = rungs.length === 0 ? undefined : rungs[rungs.length - 1];
  if (last === undefined) return baseUnits / (entryLots * instrument.moneyPerTickLot);
  return last.valueUnits / (last.filledLots * instrument.moneyPerTickLot);
}

function signalOf(
  registry: Registry,
  policy: AdditionsWithoutSignalPolicy,
  { side }: NextRungFacts,
  source: 'average-down' | 'pyramid',
  priceTicks: number,
  reasons: readonly string[],
): SignalFacts {
  return { side, strength: policy.strength.approx, priceTicks, at: registry.now, source, reasons };
}
