/**
 * An instrument that the exchange does not trade at present, or has given another grid while the bot runs. Source: rules.md §4, §7; decisions 0024, 0027.
 *
 * Nothing is added to it: gate `halted` says why. What reduces is tried all the same, but no more often than once a minute: the exchange says no to
 * each, and a close that is refused asks for the next one at once.
 */
import { alert } from './alert.ts';
import type { UntradableFacts } from './decision.ts';
import { decimal } from './decimal.ts';
import type { GridChange, InstrumentSaid } from './event.ts';
import { type InstrumentLimits, withContract } from './instrument.ts';
import { markTouched, type Registry, type SymbolState } from './registry.ts';

/**
 * Takes what the exchange says of the instrument; a change is told to a person.
 * @returns `stopped`: what would still grow is to be called back; `trades`: what the position lacks is to be tried at once
 */
export function hearInstrument(
  registry: Registry,
  symbol: SymbolState,
  said: InstrumentSaid,
): 'as-before' | 'stopped' | 'trades' {
  const facts = untradableFacts(said);
  const before = symbol.untradable?.facts;
  if (isSame(before, facts)) return 'as-before';
  markTouched(registry, symbol);
  symbol.untradable = facts === undefined ? undefined : { facts, triedAt: registry.now };
  const { instId } = symbol.instrument;
  if (facts === undefined) {
    alert(registry, instId, { code: 'instrument-trades' });
    return 'trades';
  }
  const { position, orders } = symbol;
  const isOpen = position !== undefined;
  const hasStop = orders.some(({ order, state }) => order.role === 'stop' && state === 'live');
  alert(registry, instId, { ...facts, isClosing: position?.closing !== undefined, isUncovered: isOpen && !hasStop });
  return 'stopped';
}

/**
 * Order sizes and leverage as the exchange takes them from now on. A fold leaves them alone: what this life was started with is newer than its rows.
 * @returns whether they are others
 */
export function takeLimits({ folding }: Registry, symbol: SymbolState, limits: InstrumentLimits | undefined): boolean {
  const { instrument } = symbol;
  if (folding || limits === undefined) return false;
  const { lotsMaxLimitOrder, lotsMaxMarketOrder, leverageMax } = limits;
  if (
    lotsMaxLimitOrder === instrument.lotsMaxLimitOrder &&
    lotsMaxMarketOrder === instrument.lotsMaxMarketOrder &&
    leverageMax === instrument.leverageMax
  )
    return false;
  symbol.instrument = { ...instrument, lotsMaxLimitOrder, lotsMaxMarketOrder, leverageMax };
  return true;
}

/**
 * What is open is worth what the exchange's contract makes of it, whatever else waits for a new start: money that is counted in the old one would set
 * stops, and the emergency stop, by wrong losses. The average stays, so what it has cost follows; a size that the exchange changes with it, a reading tells.
 */
export function takeContract({ folding }: Registry, symbol: SymbolState, changes: readonly GridChange[]): void {
  const change = changes.find(({ of }) => of === 'contract');
  if (folding || change === undefined) return;
  const { instrument: before, position } = symbol;
  const instrument = withContract(before, decimal(change.is));
  if (instrument === undefined || instrument.moneyPerTickLot === before.moneyPerTickLot) return;
  symbol.instrument = instrument;
  symbol.grid = { ...symbol.grid, coinsPerLot: instrument.coinsPerLot };
  if (position === undefined) return;
  const { holding } = position;
  holding.costUnits = Math.round((holding.costUnits / before.moneyPerTickLot) * instrument.moneyPerTickLot);
}

/** Another grid is the worse of the two: it stays until the bot is started anew. */
function untradableFacts({ stopped, changes }: InstrumentSaid): UntradableFacts | undefined {
  if (changes.length > 0) return { code: 'instrument-changed', changes };
  return stopped === undefined ? undefined : { code: 'instrument-stopped', state: stopped };
}

function isSame(a: UntradableFacts | undefined, b: UntradableFacts | undefined): boolean {
  if (a?.code === 'instrument-changed' && b?.code === 'instrument-changed')
    return (
      a.changes.length === b.changes.length &&
      a.changes.every(({ of, is }, i) => of === b.changes[i]?.of && is === b.changes[i].is)
    );
  if (a?.code === 'instrument-stopped' && b?.code === 'instrument-stopped') return a.state === b.state;
  return a === b;
}

/** Whether a stop or close that the exchange refused is asked for again. The asking is remembered. */
export function mayTryAgain(registry: Registry, symbol: SymbolState): boolean {
  const { untradable } = symbol;
  if (untradable === undefined) return true;
  if (registry.now < untradable.triedAt + TRIED_EVERY_MS) return false;
  markTouched(registry, symbol);
  symbol.untradable = { ...untradable, triedAt: registry.now };
  return true;
}

const TRIED_EVERY_MS = 60_000;
