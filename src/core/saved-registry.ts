/**
 * The registry as plain data: for snapshots, and, symbol by symbol, beside every decision in the journal.
 *
 * `saveTrading` is what decisions change: position, work, orders, watch. `saveRegistry` adds what events alone change: balance, prices,
 * indicators. Loading gives a registry that goes on to the last bit as if nothing had happened. Policy and instruments are not part of it.
 */

import { forgetFound, newModeState } from './governors/mode-by-results.ts';
import { newGovernorsState, newSymbolGovernorsState } from './governors/state.ts';
import { type Instrument, onSteps } from './instrument/instrument.ts';
import { SymbolSeries } from './market/series.ts';
import { decimal, formatDecimal } from './numbers/decimal.ts';
import { enlist, strike } from './orders/orders.ts';
import type { ScalingPolicy } from './policy.ts';
import type { OpenOrder, Position, Registry, SymbolState } from './registry.ts';

/** Plain data: numbers, strings, booleans, null, bigint, arrays, objects of these. */
export type Plain = string | number | boolean | bigint | null | readonly Plain[] | { readonly [key: string]: Plain };

const TRADING = [
  'leverage',
  'position',
  'working',
  'lastClose',
  'reversal',
  'unexplained',
  'unexplainedFacts',
  'crossHeld',
  'untradable',
  'governors',
  'watchBelowTicks',
  'watchAboveTicks',
  'deadlineMs',
] as const satisfies readonly (keyof SymbolState)[];
const MARKET = [
  'markTicks',
  'bidTicks',
  'askTicks',
  'pricedAt',
  'quotedAt',
  'heardUntil',
  'funding',
  'movedAt',
  'takenAt',
  'sought',
] as const satisfies readonly (keyof SymbolState)[];
const ACCOUNT = [
  'nextPosition',
  'halt',
  'day',
  'governors',
  'ready',
  'differences',
  'unsettled',
  'isSeeking',
  'readAt',
  'strangers',
  'accessToldAt',
  'maintenance',
  'leaving',
  'profile',
] as const satisfies readonly (keyof Registry)[];
const BOOKS = ['balance', 'exchangeAvailable', 'now'] as const satisfies readonly (keyof Registry)[];

/** What the present decisions may have changed: the account's flags and every touched symbol. */
export function saveTouched(registry: Registry): Plain {
  const symbols = registry.symbols.filter((symbol) => symbol.touched);
  return { account: picked(registry, ACCOUNT), symbols: symbols.map((symbol) => saveTrading(symbol)) };
}

function saveTrading(symbol: SymbolState): Plain {
  const orders = symbol.orders.map((open) => plain({ ...open, symbol: undefined }));
  return { instId: symbol.instrument.instId, orders, state: picked(symbol, TRADING) };
}

/** Loads what `saveTouched` saved. @throws {LeftOutError} on a symbol that the registry does not hold. */
export function loadTouched(registry: Registry, saved: Plain): void {
  const { account, symbols } = saved as { account: Plain; symbols: readonly Plain[] };
  loadAccount(registry, account);
  for (const each of symbols)
    if (!registry.delisted.has((each as { instId: string }).instId)) loadTrading(registry, each);
}

function loadTrading(registry: Registry, saved: Plain): void {
  const { instId, orders, state } = saved as { instId: string; orders: readonly Plain[]; state: Plain };
  const symbol = symbolNamed(registry, instId);
  for (const open of symbol.orders.slice()) strike(registry, open);
  for (const order of orders) enlist(registry, { ...(revived(order) as Omit<OpenOrder, 'symbol'>), symbol });
  symbol.unexplainedFacts = undefined;
  symbol.crossHeld = undefined;
  Object.assign(symbol, revived(state));
  symbol.governors = { ...newSymbolGovernorsState(), ...symbol.governors };
  forgetFound(symbol.modeWork);
  registry.mayRest = true;
  if (symbol.position !== undefined) complete(symbol.position);
}

/** A position of a journal from before there was re-tuning: what it stands at is what it began with. And from before marks of readings were kept. */
function complete(position: Position): void {
  position.markReadTicks ??= 0;
  position.markReadBeforeTicks ??= 0;
  const { exits, openedAt } = position;
  const { stopDistanceTicks: stopTicks, targetDistanceTicks: targetTicks } = exits;
  const untuned = { first: { stopTicks, targetTicks, factor: 1 }, tunedBy: 1, tunedAt: openedAt };
  Object.assign(exits, untuned, { ...exits });
}

/** What a governor of today remembers and the saved state does not know begins anew. */
function loadAccount(registry: Registry, saved: Plain): void {
  Object.assign(registry, revived(saved));
  registry.governors = { ...newGovernorsState(), ...registry.governors };
  registry.day = { ...registry.day, unexplained: registry.day.unexplained ?? 0n };
  registry.isBookStill = false;
}

/** The whole state. */
export function saveRegistry(registry: Registry): Plain {
  const symbols = registry.symbols.map((symbol) => ({
    trading: saveTrading(symbol),
    market: picked(symbol, MARKET),
    tradesSeen: symbol.tradesSeen.oldestFirst(),
    series: symbol.series.save(),
    grid: gridOf(symbol.instrument),
  }));
  return {
    account: picked(registry, ACCOUNT),
    books: picked(registry, BOOKS),
    scaling: saveScaling(registry),
    symbols: [...symbols, ...(registry.leftOut as readonly Plain[])],
  };
}

/** What one tick and one lot of the state are: prices and sizes stand in it as whole numbers of them. */
function gridOf({ tickSize, lotSize, contractValue }: Instrument): SavedGrid {
  return { tick: formatDecimal(tickSize), lot: formatDecimal(lotSize), contract: formatDecimal(contractValue) };
}

type SavedGrid = Readonly<Record<'tick' | 'lot' | 'contract', string>>;

/**
 * The instrument on the grid that a state is written in, so that its numbers mean what they meant; rows that follow are written in it too. States of
 * older releases do not say their grid.
 */
function asWritten(of: Instrument, saved: SavedGrid | undefined): Instrument {
  if (saved === undefined) return of;
  const { tick, lot, contract } = saved;
  return onSteps(of, { tickSize: decimal(tick), lotSize: decimal(lot), contractValue: decimal(contract) });
}

/** What the ladders of this run are made of: whoever goes on with another configuration lets open positions keep theirs (kept-ladder.ts). */
export function saveScaling({ policy }: Registry): Plain {
  return plain(policy.scaling);
}

/** @param saved by `saveRegistry`, or beside a start; undefined where an older release wrote it */
export function savedScaling(saved: unknown): ScalingPolicy | undefined {
  const { scaling } = saved as { readonly scaling?: Plain };
  return scaling === undefined ? undefined : (revived(scaling) as ScalingPolicy);
}

/** The instruments that a life noted at its start; none where an older release wrote the row. */
export function notedInstruments(note: unknown): readonly Instrument[] {
  return (note as { readonly instruments?: readonly Instrument[] }).instruments ?? [];
}

/**
 * Loads what `saveRegistry` saved. A symbol stands on the grid that its state is written in until `beginOn` (taken-grid.ts) brings it to today's.
 * @returns the symbols whose indicators are not loaded: they were saved with other periods or timeframes, or by a release that kept others
 * @throws {LeftOutError} on a symbol that is configured no more and of which something is open
 */
export function loadRegistry(registry: Registry, saved: Plain): SymbolState[] {
  const { account, books, symbols: all } = saved as unknown as SavedRegistry;
  const unfit: SymbolState[] = [];
  const symbols = all.filter(({ trading }) => registry.byInstId.has(trading.instId));
  registry.leftOut = all.filter((each) => !symbols.includes(each)).filter((each) => mayComeBack(registry, each));
  loadAccount(registry, account);
  Object.assign(registry, revived(books));
  for (const { trading, market, tradesSeen, series, grid } of symbols) {
    const symbol = symbolNamed(registry, trading.instId);
    symbol.instrument = asWritten(symbol.instrument, grid);
    loadTrading(registry, trading as unknown as Plain);
    Object.assign(symbol, revived(market));
    symbol.tradesSeen.clear();
    for (const tradeId of tradesSeen) symbol.tradesSeen.add(tradeId);
    if (symbol.series.fits(series)) symbol.series.load(series);
    else unfit.push(symbol);
  }
  return unfit;
}

/**
 * Indicators that know nothing yet: whoever tells candles then tells the past anew. What modes have brought by signals of other periods says nothing of
 * these; the mode stays.
 */
export function beginSeries({ policy, now }: Registry, symbol: SymbolState): void {
  const { modeByResults } = policy.governors;
  const { mode } = symbol.governors;
  symbol.series = new SymbolSeries(policy.signals.series);
  symbol.heardUntil = now;
  symbol.governors.mode =
    mode === undefined || modeByResults === undefined
      ? undefined
      : { ...newModeState(modeByResults), mode: mode.mode, switchedAt: mode.switchedAt, opened: mode.opened };
  forgetFound(symbol.modeWork);
}

interface SavedRegistry {
  readonly account: Plain;
  readonly books: Plain;
  readonly symbols: readonly SavedSymbol[];
}

interface SavedSymbol {
  readonly trading: {
    readonly instId: string;
    readonly orders: readonly Plain[];
    readonly state: Readonly<Record<(typeof TRADING)[number], Plain>>;
  };
  readonly market: Plain;
  readonly tradesSeen: readonly string[];
  readonly series: readonly number[];
  readonly grid?: SavedGrid;
}

/**
 * Whether the state of a symbol that is not configured is kept for when it is again: not of one with something open that is listed nowhere any more.
 * @throws {LeftOutError} on something open of any other
 */
function mayComeBack({ delisted }: Registry, { trading }: SavedSymbol): boolean {
  const { instId, orders, state } = trading;
  const isOpen = orders.length > 0 || revived(state.position) !== undefined;
  if (isOpen && !delisted.has(instId)) throw new LeftOutError(instId, 'open');
  return !isOpen;
}

function symbolNamed(registry: Registry, instId: string): SymbolState {
  const symbol = registry.byInstId.get(instId);
  if (symbol === undefined) throw new LeftOutError(instId, 'traded');
  return symbol;
}

/** A symbol is not configured that may not be left out yet: `open`: something of it is; `traded`: since the last snapshot, which has to be booked. */
export class LeftOutError extends RangeError {
  readonly instId: string;
  readonly why: 'open' | 'traded';

  constructor(instId: string, why: 'open' | 'traded') {
    super(`${instId} is not among the configured symbols, and ${LEFT_OUT[why]}`);
    this.name = 'LeftOutError';
    this.instId = instId;
    this.why = why;
  }
}

const LEFT_OUT = {
  open: 'has a position or an order',
  traded: "the journal's last rows hold trades of it",
} as const;

function picked<T extends object>(from: T, keys: readonly (keyof T & string)[]): Plain {
  const into: { [key: string]: Plain } = {};
  for (const key of keys) into[key] = plain(from[key]);
  return into;
}

/** What JSON has no word for. */
const ABSENT = { $: 'absent' } as const;
const NEVER = { $: 'infinity' } as const;

function plain(value: unknown): Plain {
  if (value === undefined) return ABSENT;
  if (value === Number.POSITIVE_INFINITY) return NEVER;
  if (typeof value !== 'object' || value === null) return value as Plain;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return { $: 'map', entries: [...value].map(([key, each]) => [String(key), plain(each)]) };
  return picked(value, Object.keys(value) as (keyof typeof value)[]);
}

function revived(value: Plain): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== 'object' || value === null) return value;
  const marked = value as { readonly $?: Plain; readonly entries?: readonly (readonly [string, Plain])[] };
  switch (marked.$) {
    case 'absent':
      return undefined;
    case 'infinity':
      return Number.POSITIVE_INFINITY;
    case 'map':
      return new Map((marked.entries ?? []).map(([key, each]) => [key, revived(each)]));
    default:
      return revivedObject(value as { readonly [key: string]: Plain });
  }
}

/** The journal's keys are those of our own types: none is `__proto__`. */
function revivedObject(fields: { readonly [key: string]: Plain }): object {
  const into: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) into[key] = revived(fields[key] as Plain);
  return into;
}
