/** A bot's account and symbols at one moment, as plain decimals: for the demo's view, `status` and NDJSON. */
import type { CloseReason } from '../../core/decision.ts';
import { type Governing, governing, nextRungPrices } from '../../core/governors/door.ts';
import { contractsText, moneyText, priceText } from '../../core/instrument/instrument.ts';
import { rulesFor } from '../../core/ladder/kept-ladder.ts';
import { bookWorstCase } from '../../core/ladder/worst-case.ts';
import { type SideName, sideName } from '../../core/numbers/units.ts';
import type { OrderRole } from '../../core/orders/order.ts';
import { coveredLots } from '../../core/orders/orders.ts';
import type { Regime } from '../../core/policy.ts';
import { averageTicks, unrealisedUnits } from '../../core/position/position.ts';
import type { Position, Registry, SymbolState } from '../../core/registry.ts';
import { regimeMet } from '../../core/situation.ts';
import { type BookWorst, bookWorst } from '../../report/book-worst.ts';
import { averagePriceText } from '../../report/decision/decision-json.ts';
import { nextRungJson } from '../configure/plan-json.ts';

export interface BookStatus {
  readonly at: number;
  /** USDT. */
  readonly balance: string;
  readonly equity: string;
  /** What is open and on its way at its worst. */
  readonly worst: BookWorst;
  /** What acts without a person now, and until when. */
  readonly governing: readonly Governing[];
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
  /** What its ladder stands on, USDT; null: it was adopted, and gets no rungs until a person gives it a base. */
  readonly base: string | null;
  /** A person's own: no stop, no exits (`execution.unknown_position: alert`). */
  readonly leftAlone: boolean;
  readonly rungs: number;
  readonly rungsMax: number;
  /** As the exchange has confirmed them; null: it has not. */
  readonly stop: string | null;
  /** Contracts that confirmed stops would close: less than are held while the exchange has not said yes to another size. */
  readonly stopContracts: string;
  readonly target: string | null;
  /** Why it is being closed, and whether the exchange goes on refusing that; null: it is not. */
  readonly closing: { readonly reason: CloseReason; readonly isRefused: boolean } | null;
  /** Prices at which the next rung would come without a signal; null where that governor is off. */
  readonly nextRung: { readonly averageDown: string | null; readonly pyramid: string | null } | null;
}

export function bookStatus(registry: Registry): BookStatus {
  const { balance, policy } = registry;
  return {
    at: registry.now,
    balance: moneyText(balance),
    equity: moneyText(balance + BigInt(equityUnits(registry) - Number(balance))),
    worst: bookWorst(bookWorstCase(registry), balance, policy.limits.shockAtr),
    governing: governing(registry),
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

function positionStatus(registry: Registry, symbol: SymbolState, position: Position): PositionStatus {
  const { instrument, markTicks } = symbol;
  const { baseUnits, holding, rungs, closing, closeRefusal } = position;
  const next = nextRungPrices(registry, symbol, position);
  const { regime } = regimeMet(registry, symbol, holding.side);
  const pnl = unrealisedUnits(holding, instrument, markTicks);
  return {
    side: sideName(holding.side),
    contracts: contractsText(instrument, holding.lots),
    value: moneyText(BigInt(holding.costUnits + holding.side * pnl)),
    average: averagePriceText(instrument, averageTicks(holding, instrument)),
    pnl: moneyText(BigInt(pnl)),
    leftAlone: position.leftAlone === true,
    base: baseUnits === 0 ? null : moneyText(BigInt(Math.round(baseUnits))),
    rungs: rungs.length,
    rungsMax: rulesFor(symbol, position, registry.profile, regime).additionsMax,
    stop: standingPrice(symbol, 'stop'),
    stopContracts: contractsText(instrument, Math.min(coveredLots(symbol), holding.lots)),
    target: standingPrice(symbol, 'target'),
    closing: closing === undefined ? null : { reason: closing, isRefused: closeRefusal?.toldAt !== undefined },
    nextRung: next === undefined ? null : nextRungJson(instrument, next),
  };
}

/** Price or trigger of the exit that stands on the exchange: one that was sent and not answered may not. */
function standingPrice({ instrument, orders }: SymbolState, role: OrderRole): string | null {
  const standing = orders.find(({ order, state, ticks }) => order.role === role && state === 'live' && ticks > 0);
  return standing === undefined ? null : priceText(instrument, standing.ticks);
}
