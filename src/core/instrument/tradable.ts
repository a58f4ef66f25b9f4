/**
 * An instrument that the exchange does not trade at present, or has given another grid while the bot runs. Source: rules.md §4, §7; decisions 0024, 0027.
 *
 * Nothing is added to it: gate `halted` says why. What reduces is tried all the same, but where nothing is taken no more often than once a minute: the
 * exchange says no to each, and a close that is refused asks for the next one at once.
 */
import { alert } from '../alert.ts';
import type { UntradableFacts } from '../decision.ts';
import type { GridChange, InstrumentSaid } from '../event.ts';
import { decimal, percentText } from '../numbers/decimal.ts';
import { hasConfirmedStop } from '../orders/orders.ts';
import { markTouched, type Registry, type SymbolState } from '../registry.ts';
import { type Instrument, type InstrumentLimits, type Tier, tierOf, tierSaid, withContract } from './instrument.ts';

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
  const before = symbol.untradable;
  const wasStopped = isStopped(symbol);
  const isToldAlready = isSame(before?.facts, facts);
  if (isToldAlready && wasStopped === (said.stopped !== undefined)) return 'as-before';
  markTouched(registry, symbol);
  // To hear of it is no try: what is refused already may have waited a minute, and another word comes as often as it likes.
  symbol.untradable =
    facts === undefined
      ? undefined
      : { facts, triedAt: before?.triedAt ?? 0, ...(said.stopped === undefined ? {} : { isStopped: true }) };
  if (isToldAlready) return wasStopped ? 'trades' : 'stopped';
  const { instId } = symbol.instrument;
  if (facts === undefined) {
    alert(registry, instId, { code: 'instrument-trades' });
    return 'trades';
  }
  const { position } = symbol;
  const isUncovered = position !== undefined && !hasConfirmedStop(symbol);
  alert(registry, instId, { ...facts, isClosing: position?.closing !== undefined, isUncovered });
  return 'stopped';
}

/**
 * Order sizes, leverage and margin tiers as the exchange takes them from now on. A fold leaves them alone: what this life was started with is newer than
 * its rows. Another tier for what is open, or for the smallest position, is told to a person.
 * @returns whether they are others
 */
export function takeLimits(registry: Registry, symbol: SymbolState, limits: InstrumentLimits | undefined): boolean {
  const { instrument: before } = symbol;
  if (registry.folding || limits === undefined) return false;
  symbol.leverageListed = undefined;
  const { lotsMaxLimitOrder, lotsMaxMarketOrder, leverageMax } = limits;
  const tiers = tiersFrom(limits.tiers, before.tiers);
  if (
    lotsMaxLimitOrder === before.lotsMaxLimitOrder &&
    lotsMaxMarketOrder === before.lotsMaxMarketOrder &&
    leverageMax === before.leverageMax &&
    tiers === before.tiers
  )
    return false;
  markTouched(registry, symbol);
  symbol.instrument = { ...before, lotsMaxLimitOrder, lotsMaxMarketOrder, leverageMax, tiers };
  if (tiers !== before.tiers) tellTier(registry, symbol, before);
  return true;
}

/** A leverage was refused that the list allows: entries are planned with no more than the exchange takes, until it says anything else of the instrument. */
export function limitLeverage(registry: Registry, symbol: SymbolState, most: number): void {
  const { instrument } = symbol;
  if (registry.folding || most >= instrument.leverageMax) return;
  symbol.instrument = { ...instrument, leverageMax: most };
  symbol.leverageListed ??= instrument.leverageMax;
  alert(registry, instrument.instId, { code: 'leverage-limited', most, listed: symbol.leverageListed });
}

/** A start goes by the list again; who thinks its journal anew must do so at the same row. */
export function forgetLeverageLimit(symbol: SymbolState): void {
  const { instrument, leverageListed } = symbol;
  if (leverageListed !== undefined) symbol.instrument = { ...instrument, leverageMax: leverageListed };
  symbol.leverageListed = undefined;
}

/** Those that hold where they say nothing else. */
function tiersFrom(said: InstrumentLimits['tiers'], held: readonly Tier[]): readonly Tier[] {
  if (said === undefined || JSON.stringify(said) === JSON.stringify(held.map(tierSaid))) return held;
  return said.map((tier) => ({ ...tier, maintenanceRate: decimal(tier.maintenanceRate) }));
}

function tellTier(registry: Registry, { instrument, position }: SymbolState, before: Instrument): void {
  const lots = position?.holding.lots ?? instrument.lotsMin;
  const was = tierOf(before, lots);
  const is = tierOf(instrument, lots);
  const facts = {
    isOpen: position !== undefined,
    maintenancePercent: percentText(is.maintenanceRate),
    maintenancePercentWas: percentText(was.maintenanceRate),
    leverageMax: is.leverageMax,
    leverageMaxWas: was.leverageMax,
  };
  if (facts.maintenancePercent === facts.maintenancePercentWas && is.leverageMax === was.leverageMax) return;
  alert(registry, instrument.instId, { code: 'tier-changed', ...facts });
}

/**
 * What is open is worth what the exchange's contract makes of it, whatever else waits for a new start: money that is counted in the old one would set
 * stops by wrong losses. The average stays, so what it has cost follows; a size that the exchange changes with it, readings tell, and until then nobody
 * knows what the book is worth: nothing is added, and neither the emergency stop nor the day's loss are measured (decision 0049).
 * A fold follows too: rows after it are written in it, and so is what they book.
 */
export function takeContract(registry: Registry, symbol: SymbolState, changes: readonly GridChange[]): void {
  const change = changes.find(({ of }) => of === 'contract');
  if (change === undefined) return;
  const { instrument: before, position } = symbol;
  const instrument = withContract(before, decimal(change.is));
  if (instrument === undefined || instrument.moneyPerTickLot === before.moneyPerTickLot) return;
  symbol.instrument = instrument;
  if (position === undefined) return;
  symbol.sought = { sizeSince: registry.now };
  // A reading of before may tell its cost in the old contract.
  symbol.movedAt = registry.now;
  registry.isSeeking = true;
  registry.ready = false;
  const { holding } = position;
  holding.costUnits = Math.round((holding.costUnits / before.moneyPerTickLot) * instrument.moneyPerTickLot);
}

/** Another grid is the worse of the two: it stays until the bot is started anew. */
function untradableFacts({ stopped, changes }: InstrumentSaid): UntradableFacts | undefined {
  if (changes.length > 0) return { code: 'instrument-changed', changes };
  return stopped === undefined ? undefined : { code: 'instrument-stopped', state: stopped };
}

/** Nothing is taken there, and what reduces waits for its minute. One that is on another grid and trades may refuse it for a moment's reason. */
export function isStopped({ untradable }: SymbolState): boolean {
  return untradable?.facts.code === 'instrument-stopped' || untradable?.isStopped === true;
}

/** Then a price of the tick that was may be none of the one that is: who leaves goes at the market. */
export function hasOtherTick({ untradable }: SymbolState): boolean {
  return untradable?.facts.code === 'instrument-changed' && untradable.facts.changes.some(({ of }) => of === 'tick');
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
