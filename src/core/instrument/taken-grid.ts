/**
 * A life of the bot whose instruments stand on another grid than those of the life before: the exchange has changed tick, lot or contract. Source:
 * decision 0045.
 *
 * What is remembered counts in whole ticks and lots, so it is read on the grid that it was written on (saved-registry.ts) and then left behind with it:
 * indicators begin anew, what is open is found at the exchange and adopted, its orders of before are called back once another stop stands. What counts
 * in money, or has no unit, stays: the balance, the day, governors, fills that are known.
 */

import type { GridChange } from '../event.ts';
import { formatDecimal } from '../numbers/decimal.ts';
import { strike } from '../orders/orders.ts';
import { isIdle, type Registry, type SymbolState } from '../registry.ts';
import { beginSeries } from '../saved-registry.ts';
import { type GridSteps, type Instrument, onSteps } from './instrument.ts';

/** A symbol goes on on another grid. */
export interface GridTaken {
  readonly instId: string;
  readonly changes: readonly GridChange[];
  /** A position or an order of it was known, and is to be found anew. */
  readonly wasOpen: boolean;
}

/** A life begins: each symbol goes on with its instrument, on whatever grid its state was written. @returns those whose grid is another one */
export function beginOn(registry: Registry, instruments: readonly Instrument[]): GridTaken[] {
  const taken = takeGrids(registry, instruments);
  for (const instrument of instruments) {
    const symbol = registry.byInstId.get(instrument.instId);
    if (symbol !== undefined) symbol.instrument = instrument;
  }
  return taken;
}

/** The rows that follow are written on these grids. Of a note nothing but its steps is taken: an older release has written other fields. */
export function takeGrids(registry: Registry, grids: readonly SymbolSteps[]): GridTaken[] {
  const taken: GridTaken[] = [];
  for (const steps of grids) {
    const symbol = registry.byInstId.get(steps.instId);
    if (symbol === undefined) continue;
    const changes = changesBetween(symbol.instrument, steps);
    if (changes.length === 0) continue;
    const wasOpen = !isIdle(symbol);
    const { tickSize, lotSize, contractValue } = steps;
    symbol.instrument = onSteps(symbol.instrument, { tickSize, lotSize, contractValue });
    leaveBehind(registry, symbol);
    taken.push({ instId: steps.instId, changes, wasOpen });
  }
  return taken;
}

type SymbolSteps = GridSteps & Pick<Instrument, 'instId'>;

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
  const hasPast = registry.readAt > 0 || !isIdle(symbol);
  for (const open of symbol.orders.slice()) strike(registry, open);
  const { position, lastClose } = symbol;
  if (position !== undefined) registry.isSeeking = true;
  Object.assign(symbol, {
    position: undefined,
    // Before the first reading, where nothing was open, fills are all that is known.
    sought: hasPast ? 'position' : undefined,
    // Its number is used: late fills of its orders open another, or that one's orders would have the names of these.
    lastClose:
      position === undefined
        ? lastClose
        : { at: registry.now, position: position.number, side: position.holding.side, lost: true },
    working: undefined,
    reversal: undefined,
    unexplainedFacts: undefined,
    markTicks: 0,
    bidTicks: 0,
    askTicks: 0,
    pricedAt: -1,
    quotedAt: -1,
    watchBelowTicks: 0,
    watchAboveTicks: Number.POSITIVE_INFINITY,
    deadlineMs: Number.POSITIVE_INFINITY,
  } satisfies Partial<SymbolState>);
  registry.isBookStill = false;
  beginSeries(registry, symbol);
}
