/**
 * Signals of somebody else for a backtest: NDJSON, one signal a line (rules.md §2, "file").
 *
 * `{"instId":"BTC-USDT-SWAP","side":"long","strength":0.6,"price":"51234.5","at":1613692800000}`, and where wanted `source` and `reasons`. `at` is UTC
 * milliseconds or an ISO time with its zone; a price off the grid goes to the nearest tick, for it only says where the signal was seen.
 * Empty lines are passed over; anything else that is no signal ends the reading with its line.
 */

import type { SignalGiven } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { inStepsOf } from '../../core/numbers/decimal.ts';
import { sideOf, type Ticks, ticks } from '../../core/numbers/units.ts';
import { isCalendarDay } from '../../data/calendar.ts';
import { readDecimal } from '../input/read-decimal.ts';
import { readText } from '../shell/files.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';

/** In order of time; of one moment in the file's order. @throws {UsageError} with the line. */
export function readSignals(session: Session, file: string, instruments: readonly Instrument[]): SignalGiven[] {
  const signals: SignalGiven[] = [];
  for (const [i, line] of readText(session, file).split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      signals.push(signalOf(session, line, instruments));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(session.texts.signals.line(file, i + 1, error.message));
    }
  }
  if (signals.length === 0) throw new UsageError(session.texts.signals.none(file));
  return signals.toSorted((a, b) => a.at - b.at);
}

const NEEDED = ['instId', 'side', 'strength', 'price', 'at'];
const KEYS = [...NEEDED, 'source', 'reasons'];

function signalOf(session: Session, line: string, instruments: readonly Instrument[]): SignalGiven {
  const texts = session.texts.signals;
  const fields = objectOf(session, line);
  const unknown = Object.keys(fields).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw new UsageError(texts.unknownKey(unknown, KEYS));
  const missing = NEEDED.filter((key) => fields[key] === undefined);
  if (missing.length > 0) throw new UsageError(texts.missing(missing.map((key) => `"${key}"`).join(', ')));
  const { instId, side, strength, source = 'file', reasons = [] } = fields;
  const instrument = instruments.find((each) => each.instId === instId);
  if (instrument === undefined)
    throw new UsageError(texts.symbol(shown(instId), instruments.map((each) => each.instId).join(', ')));
  if (side !== 'long' && side !== 'short') throw new UsageError(texts.side(shown(side)));
  if (typeof strength !== 'number' || !(strength >= 0 && strength <= 1))
    throw new UsageError(texts.strength(shown(strength)));
  if (typeof source !== 'string') throw new UsageError(texts.text('source', shown(source)));
  if (!Array.isArray(reasons) || !reasons.every((reason) => typeof reason === 'string'))
    throw new UsageError(texts.text('reasons', shown(reasons)));
  return {
    kind: 'signal',
    at: timeOf(session, fields['at']),
    instId: instrument.instId,
    side: sideOf(side),
    strength,
    priceTicks: nearestTicks(session, fields['price'], instrument),
    source,
    reasons,
  };
}

function objectOf(session: Session, line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new UsageError(session.texts.signals.json);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(session.texts.signals.json);
  return { ...value };
}

const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

function timeOf({ texts }: Session, value: unknown): number {
  const at = typeof value === 'string' && ISO.test(value) && isCalendarDay(value) ? Date.parse(value) : value;
  if (typeof at === 'number' && Number.isSafeInteger(at) && at > YEAR_2000_MS) return at;
  throw new UsageError(texts.signals.at(shown(value)));
}

/** Before it no perpetual swap was traded: such a number counts seconds, or is no time at all. */
const YEAR_2000_MS = 946_684_800_000;

function nearestTicks({ texts }: Session, value: unknown, { tickSize }: Instrument): Ticks {
  const price = typeof value === 'string' || typeof value === 'number' ? readDecimal(value) : undefined;
  if (price === undefined || price.units <= 0n) throw new UsageError(texts.signals.price(shown(value)));
  return ticks(Math.max(1, Number(inStepsOf(price, tickSize, 'nearest').steps)));
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
