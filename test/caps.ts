/** The caps of ladder.md §2–4 of a rung that is on its way, reckoned anew in doubles, without the core's own arithmetic. */
import type { Policy } from '../src/core/policy.ts';
import type { OpenOrder, Registry, SymbolState } from '../src/core/registry.ts';
import { regimeMet } from '../src/core/situation.ts';

const UNITS = 1e8;
/** USDT; every cap here is tens or hundreds of them. */
const DUST = 1e-6;

/** What a rung's order breaks now, were it filled at its price; none for one that has begun to fill. */
export function brokenCaps(registry: Registry, open: OpenOrder): string[] {
  const { symbol } = open;
  const { position } = symbol;
  if (position === undefined || open.filledLots > 0) return [];
  const { policy, profile } = registry;
  const { regime } = regimeMet(registry, symbol, position.holding.side);
  const rules = symbol.rules[profile][regime];
  const facts = factsOf(registry, open, symbol, position.leverage ?? 1);
  const { limits } = policy;
  const marginPercent = policy.profiles[profile].marginPercentMax.approx + limits.regimeMarginPoints[regime].approx;
  const caps: readonly (readonly [string, number, number])[] = [
    [
      'position value',
      facts.valueNow + facts.value,
      policy.profiles[profile].positionValueMax.approx * limits.regimeValueFactor[regime].approx,
    ],
    [
      'position margin',
      (facts.cost + facts.value) / facts.leverage,
      ((facts.balance * marginPercent) / 100) * volatilityOf(symbol),
    ],
    ['free margin', facts.value / facts.leverage, (1 - limits.marginReserve.approx) * facts.freeMargin],
    ['exposure', facts.exposure + facts.value, limits.totalExposureMax.approx * facts.balance],
    ['additions', position.rungs.length + 1, rules.additionsMax],
    ['open positions', facts.openPositions, policy.profiles[profile].openPositionsMax],
    ['interval', rules.intervalMs, registry.now - position.lastGrownAt],
    ['loss limit', rules.lossLimitPercent.approx, lossOf(policy, facts)],
  ];
  return caps.flatMap(([name, value, most]) => (value > most + DUST ? [`${name}: ${value} above ${most}`] : []));
}

function volatilityOf({ series }: SymbolState): number {
  const { atrFraction, meanAtrFraction } = series;
  if (atrFraction === undefined || meanAtrFraction === undefined || atrFraction <= 0) return 1;
  return Math.max(0.5, Math.min(1, meanAtrFraction / atrFraction));
}

type Facts = ReturnType<typeof factsOf>;

function lossOf({ scaling }: Policy, { side, valueNow, cost, leverage }: Facts): number {
  return (side * (valueNow - cost) * 100 * (scaling.lossBasis === 'margin' ? leverage : 1)) / cost;
}

/** In USDT, with this symbol's price where the order fills, or where the mark is if that is worse. */
function factsOf(registry: Registry, open: OpenOrder, symbol: SymbolState, leverage: number) {
  const { side } = open.order;
  const wanted = open.ticksWanted === 0 ? symbol.markTicks : open.ticksWanted;
  const priceTicks = side === 1 ? Math.min(wanted, symbol.markTicks) : Math.max(wanted, symbol.markTicks);
  const value = (of: SymbolState, lots: number, ticks: number) =>
    (lots * ticks * of.instrument.moneyPerTickLot) / UNITS;
  let unrealised = 0;
  let used = 0;
  let exposure = 0;
  let openPositions = 0;
  for (const each of registry.symbols) {
    if (each.position === undefined) continue;
    const { holding } = each.position;
    const now = value(each, holding.lots, each === symbol ? priceTicks : each.markTicks);
    unrealised += holding.side * (now - holding.costUnits / UNITS);
    used += holding.costUnits / UNITS / (each.position.leverage ?? 1);
    exposure += now;
    openPositions += 1;
  }
  for (const other of registry.orders.values()) {
    if (other === open || other.order.reduceOnly) continue;
    const at = other.ticks === 0 ? other.symbol.markTicks : other.ticks;
    const waiting = value(other.symbol, other.sizeLots - other.filledLots, at);
    used += waiting / (other.symbol.position?.leverage ?? other.symbol.leverage ?? 1);
    exposure += waiting;
    if (other.order.role === 'entry' && other.symbol.position === undefined) openPositions += 1;
  }
  const balance = Number(registry.balance) / UNITS;
  const holding = symbol.position?.holding ?? { lots: 0, costUnits: 0 };
  return {
    side,
    leverage,
    balance,
    exposure,
    openPositions,
    cost: holding.costUnits / UNITS,
    valueNow: value(symbol, holding.lots, priceTicks),
    value: value(symbol, open.sizeWanted, wanted),
    freeMargin: balance + Math.min(0, unrealised) - used,
  };
}
