/**
 * Governor 5: the emergency stop. Source: rules.md §6.5, lessons.md 19.
 *
 * Where the equity (balance and what is unrealised) has fallen from the day's peak by the limit, everything is closed and trading halts until a
 * person resumes: it never un-halts by itself, and a restart in the middle keeps it. One odd number never liquidates a book: the fall must be
 * said by so many readings in a row (two), and the peak is what so many readings in a row have reached.
 *
 * A reading is of the book (a price or candle, some seconds after the last, every open position priced anew since) or of the exchange (the
 * balance of a whole reading of it, with our prices). Each source confirms itself alone.
 */
import { decide } from '../orders.ts';
import { unrealisedUnits } from '../position.ts';
import type { Registry } from '../registry.ts';
import type { PausePolicy } from './policy.ts';
import type { Readings } from './state.ts';

/** Who halted, in `Registry.halt`. */
export const EMERGENCY_STOP = 'emergency-stop';

/** Reads the book. @returns true where it is to be closed, and halts */
export function readBook(registry: Registry): boolean {
  return read(registry, registry.governors.drawdown.book, Number(registry.balance));
}

/** Reads the exchange's word. @returns as `readBook` */
export function readExchange(registry: Registry, balance: bigint): boolean {
  return read(registry, registry.governors.drawdown.exchange, Number(balance));
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

function read(registry: Registry, readings: Readings, balanceUnits: number): boolean {
  const policy = registry.policy.governors.pause;
  if (policy === undefined || registry.now < readings.at + policy.readingEveryMs) return false;
  let equity = balanceUnits;
  for (const { position, pricedAt, markTicks, instrument } of registry.symbols) {
    if (position === undefined) continue;
    if (pricedAt <= readings.at) return false;
    equity += unrealisedUnits(position.holding, instrument, markTicks);
  }
  return weigh(registry, policy, readings, equity);
}

function weigh(registry: Registry, policy: PausePolicy, readings: Readings, equity: number): boolean {
  const { drawdown } = registry.governors;
  let low = equity;
  let high = equity;
  for (const units of readings.units) {
    if (units > low) low = units;
    if (units < high) high = units;
  }
  const isConfirmed = readings.units.length >= policy.drawdownReadings - 1;
  if (isConfirmed) readings.units.shift();
  readings.units.push(equity);
  readings.at = registry.now;
  if (drawdown.dayEndsAt !== registry.day.endsAt) {
    drawdown.dayEndsAt = registry.day.endsAt;
    drawdown.peakUnits = 0;
  }
  if (!isConfirmed) return false;
  if (readings === drawdown.book && high > drawdown.peakUnits) drawdown.peakUnits = high;
  const floor = drawdown.peakUnits * (1 - policy.drawdownPercentMax.approx / 100);
  return low <= floor && drawdown.peakUnits > 0 && stop(registry, low);
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
