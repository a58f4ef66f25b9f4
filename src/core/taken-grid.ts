/**
 * A life of the bot whose instruments stand on another grid than those of the life before: the exchange has changed tick, lot or contract. Source:
 * decision 0045.
 *
 * What is remembered counts in whole ticks and lots, so it is read on the grid that it was written on (saved-registry.ts) and then left behind with it:
 * indicators begin anew, what is open is found at the exchange and adopted, its orders of before are called back once another stop stands. What counts
 * in money, or has no unit, stays: the balance, the day, governors, fills that are known.
 */
import { formatDecimal } from './decimal.ts';
import type { GridChange } from './event.ts';
import type { GridSteps, Instrument } from './instrument.ts';
import { strike } from './orders.ts';
import { isIdle, type Registry, type SymbolState } from './registry.ts';
import { beginSeries } from './saved-registry.ts';

/** A symbol goes on on another grid. */
export interface GridTaken {
  readonly instId: string;
  readonly changes: readonly GridChange[];
  /** A position or an order of it was known, and is to be found anew. */
  readonly wasOpen: boolean;
}

/** Each symbol goes on with these, on whatever grid its state was written. @returns those whose grid is another one */
export function takeGrids(registry: Registry, instruments: readonly Instrument[]): GridTaken[] {
  const taken: GridTaken[] = [];
  for (const instrument of instruments) {
    const symbol = registry.byInstId.get(instrument.instId);
    if (symbol === undefined) continue;
    const changes = changesBetween(symbol.instrument, instrument);
    const wasOpen = !isIdle(symbol);
    symbol.instrument = instrument;
    if (changes.length === 0) continue;
    symbol.grid = { coinsPerLot: instrument.coinsPerLot, tick: instrument.tickSize };
    leaveBehind(registry, symbol);
    taken.push({ instId: instrument.instId, changes, wasOpen });
  }
  return taken;
}

function changesBetween(was: GridSteps, is: GridSteps): GridChange[] {
  const parts = [
    { of: 'tick', was: was.tickSize, is: is.tickSize },
    { of: 'lot', was: was.lotSize, is: is.lotSize },
    { of: 'contract', was: was.contractValue, is: is.contractValue },
  ] as const;
  return parts
    .map((part) => ({ of: part.of, was: formatDecimal(part.was), is: formatDecimal(part.is) }))
    .filter((part) => part.was !== part.is);
}

/** What counts in ticks and lots, and what follows from it. */
function leaveBehind(registry: Registry, symbol: SymbolState): void {
  for (const open of symbol.orders.slice()) strike(registry, open);
  Object.assign(symbol, {
    position: undefined,
    working: undefined,
    reversal: undefined,
    unexplainedFacts: undefined,
    markTicks: 0,
    bidTicks: 0,
    askTicks: 0,
    pricedAt: -1,
    watchBelowTicks: 0,
    watchAboveTicks: Number.POSITIVE_INFINITY,
    deadlineMs: Number.POSITIVE_INFINITY,
  } satisfies Partial<SymbolState>);
  registry.isBookStill = false;
  beginSeries(registry, symbol);
}
