/** What an exit stands on, told beside its order where the core is traced: it changes nothing. Source: rules.md §5, lessons.md 26. */
import type { ExitReading } from '../decision.ts';
import { averageTicks } from '../position/position.ts';
import type { GateReading } from '../refusal.ts';
import type { Registry, SymbolState } from '../registry.ts';

/** Of an order that only reduces; undefined without a trace, and where nothing is open. @param gates the guards of a partial */
export function exitReading(
  registry: Registry,
  symbol: SymbolState,
  gates?: readonly GateReading[],
): ExitReading | undefined {
  const { position, markTicks } = symbol;
  if (!registry.traced || position === undefined) return undefined;
  const { holding, exits } = position;
  return {
    lots: holding.lots,
    averageTicks: averageTicks(holding, symbol.instrument),
    markTicks,
    atrTicks: exits.atrTicks,
    stopDistanceTicks: exits.stopDistanceTicks,
    targetDistanceTicks: exits.targetDistanceTicks,
    roundTripShare: exits.roundTripShare,
    timeLimitAt: exits.timeLimitAt,
    ...(gates === undefined ? {} : { gates }),
  };
}
