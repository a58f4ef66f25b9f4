/**
 * Governor 5: the emergency stop. Source: rules.md §6.5, lessons.md 19.
 *
 * Where the equity (balance and what is unrealised) has fallen from the day's peak by the limit, everything is closed and trading halts until a
 * person resumes: it never un-halts by itself, and a restart in the middle keeps it. One odd number never liquidates a book: the fall must be
 * said by so many readings in a row (two), and the peak is what so many readings in a row have reached.
 *
 * A reading is of the book (a price or candle, some seconds after the last, every open position priced anew since) or of the exchange (the
 * balance of a whole reading of it, with our prices). Each source confirms itself alone. A position whose price has died (suspended, delisted, a
 * feed without it) keeps the others waiting for two minutes and no longer: then it counts with the better of what its last two readings have said,
 * for one frozen number is one number. While a position that a start has left behind with its grid is being sought, nothing is read.
 */
import { decide } from '../orders/orders.ts';
import { unrealisedUnits } from '../position/position.ts';
import { balanceUnits, type Position, type Registry, type SymbolState } from '../registry.ts';
import type { PausePolicy } from './policy.ts';
import { watchDay } from './size-by-day.ts';
import type { Readings } from './state.ts';

/** Who halted, in `Registry.halt`. */
export const EMERGENCY_STOP = 'emergency-stop';

/** Reads the book. @returns true where it is to be closed, and halts */
export function readBook(registry: Registry, policy: PausePolicy): boolean {
  const { book } = registry.governors.drawdown;
  if (registry.now < book.at + policy.readingEveryMs || registry.isSeeking) return false;
  if (registry.isBookStill) return notice(registry, book);
  return read(registry, policy, book, balanceUnits(registry));
}

/** Reads the exchange's word. @returns as `readBook` */
export function readExchange(registry: Registry, policy: PausePolicy, balance: bigint): boolean {
  const { exchange } = registry.governors.drawdown;
  if (registry.now < exchange.at + policy.readingEveryMs || registry.isSeeking) return false;
  return read(registry, policy, exchange, Number(balance));
}

/** A person resumed: the fall is measured from here. */
export function forgetDrawdown(registry: Registry): void {
  const { drawdown } = registry.governors;
  drawdown.peakUnits = 0;
  for (const readings of [drawdown.book, drawdown.exchange]) {
    readings.units.length = 0;
    readings.at = 0;
  }
}

/** Cash came (or went, below 0) without a trade, whole 10⁻⁸ USDT: the fall goes on being measured from where it began. */
export function movePeak({ governors }: Registry, units: bigint): void {
  const { drawdown } = governors;
  if (drawdown.peakUnits > 0) drawdown.peakUnits = Math.max(0, drawdown.peakUnits + Number(units));
}

/** A reading that says what the last ones said. */
function notice(registry: Registry, readings: Readings): false {
  readings.at = registry.now;
  return false;
}

/** @param balance the exchange's, or our own, whole 10⁻⁸ USDT */
function read(registry: Registry, policy: PausePolicy, readings: Readings, balance: number): boolean {
  const { symbols } = registry;
  let equity = balance;
  let isFlat = true;
  let doubtUnits = 0;
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i] as SymbolState;
    const { position } = symbol;
    if (position === undefined) continue;
    isFlat = false;
    if (symbol.pricedAt > readings.at) equity += unrealisedUnits(position.holding, symbol.instrument, symbol.markTicks);
    else if (registry.now < symbol.pricedAt + DEAD_AFTER_MS) return false;
    else {
      const last = unitsAt(position, symbol, position.markReadTicks);
      const before = unitsAt(position, symbol, position.markReadBeforeTicks);
      equity += Math.max(last, before);
      doubtUnits += Math.abs(last - before);
    }
  }
  if (!isFlat && readings === registry.governors.drawdown.book) rememberMarks(symbols, readings.at);
  return weigh(registry, policy, readings, equity, doubtUnits, isFlat);
}

/** Longer than two candles of a minute are apart of which one comes late: who has had no price for so long gets none for now. */
export const DEAD_AFTER_MS = 120_000;

/** At a mark of a reading; one that was never read says nothing. */
function unitsAt({ holding }: Position, { instrument }: SymbolState, markTicks: number): number {
  return markTicks === 0 ? 0 : unrealisedUnits(holding, instrument, markTicks);
}

/** Of what was priced since the reading before. */
function rememberMarks(symbols: readonly SymbolState[], readAt: number): void {
  for (let i = 0; i < symbols.length; i++) {
    const { position, pricedAt, markTicks } = symbols[i] as SymbolState;
    if (position === undefined || pricedAt <= readAt) continue;
    position.markReadBeforeTicks = position.markReadTicks;
    position.markReadTicks = markTicks;
  }
}

/**
 * A reading that says what the last ones said changes nothing but its time.
 * @param doubtUnits by how much less the equity may be, where prices have died
 */
function weigh(
  registry: Registry,
  policy: PausePolicy,
  readings: Readings,
  equity: number,
  doubtUnits: number,
  isFlat: boolean,
): boolean {
  const { drawdown } = registry.governors;
  const { day } = registry;
  const { units } = readings;
  const kept = policy.drawdownReadings - 1;
  // From when more of them were wanted.
  if (units.length > kept) units.splice(0, units.length - kept);
  let low = equity;
  let high = equity;
  for (let i = 0; i < units.length; i++) {
    const each = units[i] as number;
    if (each === equity) continue;
    if (each > low) low = each;
    else if (each < high) high = each;
  }
  const isConfirmed = units.length >= kept;
  readings.at = registry.now;
  if (!isConfirmed) units.push(equity);
  else if (low !== high) {
    for (let i = 1; i < kept; i++) units[i - 1] = units[i] as number;
    units[kept - 1] = equity;
  }
  if (drawdown.dayEndsAt !== day.endsAt) {
    drawdown.dayEndsAt = day.endsAt;
    drawdown.peakUnits = 0;
  }
  if (readings === drawdown.book) watchDay(registry, equity);
  if (!isConfirmed) return false;
  const isOfBook = readings === drawdown.book;
  const reached = high - doubtUnits;
  if (isOfBook && reached > drawdown.peakUnits) drawdown.peakUnits = reached;
  const isFallen = drawdown.peakUnits > 0 && low <= drawdown.peakUnits * policy.drawdownFloorShare;
  if (isOfBook) registry.isBookStill = isFlat && low === high && !isFallen;
  return isFallen && stop(registry, low);
}

function stop(registry: Registry, equity: number): boolean {
  if (registry.folding || registry.halt?.by === EMERGENCY_STOP) return false;
  const { peakUnits } = registry.governors.drawdown;
  registry.halt = { kind: 'halt', by: EMERGENCY_STOP, at: registry.now };
  decide(registry, {
    kind: 'governed',
    at: registry.now,
    governor: 'pause',
    instId: undefined,
    old: 'trading',
    new: 'halted',
    because: { code: 'drawdown', percent: String(Math.round((1 - equity / peakUnits) * 10_000) / 100) },
    until: undefined,
  });
  return true;
}
