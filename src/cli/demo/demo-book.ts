/** The demo's account and symbols at one moment, as plain decimals: for the live view and for NDJSON. */
import { formatUnits } from '../../core/decimal.ts';
import { contractsText, type Instrument, moneyText, priceText } from '../../core/instrument.ts';
import type { OrderRole } from '../../core/order.ts';
import type { Regime } from '../../core/policy.ts';
import { averageTicks, unrealisedUnits } from '../../core/position.ts';
import type { Position, Registry, SymbolState } from '../../core/registry.ts';
import { type SideName, sideName } from '../../core/units.ts';
import { bookWorstCaseUnits } from '../../core/worst-case.ts';
import { averagePriceText } from '../../report/decision-json.ts';

export interface BookStatus {
  readonly at: number;
  /** USDT. */
  readonly balance: string;
  readonly equity: string;
  /** Loss, USDT, and what it is per cent of the balance. */
  readonly worstCase: string;
  readonly worstCasePercent: string;
  readonly symbols: readonly SymbolStatus[];
}

export interface SymbolStatus {
  readonly symbol: string;
  readonly price: string | null;
  readonly regime: Regime;
  readonly position: PositionStatus | null;
}

export interface PositionStatus {
  readonly side: SideName;
  readonly contracts: string;
  /** At the mark, USDT. */
  readonly value: string;
  readonly average: string;
  /** Unrealised, USDT. */
  readonly pnl: string;
  readonly rungs: number;
  readonly rungsMax: number;
  readonly stop: string | null;
  readonly target: string | null;
}

export function bookStatus(registry: Registry): BookStatus {
  const worstCase = BigInt(bookWorstCaseUnits(registry));
  const { balance } = registry;
  return {
    at: registry.now,
    balance: moneyText(balance),
    equity: moneyText(balance + BigInt(equityUnits(registry) - Number(balance))),
    worstCase: moneyText(worstCase),
    worstCasePercent: balance > 0n ? formatUnits((worstCase * 10_000n) / balance, 2) : '0',
    symbols: registry.symbols.map((symbol) => symbolStatus(registry, symbol)),
  };
}

/** Balance and what is not realised yet, whole 10⁻⁸ USDT. */
export function equityUnits(registry: Registry): number {
  let equity = Number(registry.balance);
  for (const { position, instrument, markTicks } of registry.symbols)
    if (position !== undefined) equity += unrealisedUnits(position.holding, instrument, markTicks);
  return equity;
}

function symbolStatus(registry: Registry, symbol: SymbolState): SymbolStatus {
  const { instrument, markTicks, series, position } = symbol;
  return {
    symbol: instrument.instId,
    price: markTicks === 0 ? null : priceText(instrument, markTicks),
    regime: series.regime,
    position: position === undefined || position.holding.lots === 0 ? null : positionStatus(registry, symbol, position),
  };
}

function positionStatus(registry: Registry, symbol: SymbolState, { holding, rungs }: Position): PositionStatus {
  const { instrument, markTicks, rules, series } = symbol;
  const pnl = unrealisedUnits(holding, instrument, markTicks);
  return {
    side: sideName(holding.side),
    contracts: contractsText(instrument, holding.lots),
    value: moneyText(BigInt(holding.costUnits + holding.side * pnl)),
    average: averagePriceText(instrument, averageTicks(holding, instrument)),
    pnl: moneyText(BigInt(pnl)),
    rungs: rungs.length,
    rungsMax: rules[registry.profile][series.regime].additionsMax,
    stop: standingPrice(registry, instrument, 'stop'),
    target: standingPrice(registry, instrument, 'target'),
  };
}

/** Price or trigger of the exit that stands on the exchange. */
function standingPrice(registry: Registry, instrument: Instrument, role: OrderRole): string | null {
  for (const { order, symbol, ticks } of registry.orders.values())
    if (order.role === role && symbol.instrument === instrument && ticks > 0) return priceText(instrument, ticks);
  return null;
}
