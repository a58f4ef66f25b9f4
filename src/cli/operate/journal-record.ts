/**
 * What a bot's journal comes to: its rows are folded as a recovery folds them, and a recorder looks on. What fills, fees and funding do not explain of a
 * balance (paid in or out, set right by the exchange's word) is kept apart, so that the sum is the balance to the last unit whatever has happened.
 */
import type { Decision } from '../../core/decision.ts';
import type { CoreEvent } from '../../core/event.ts';
import { MINUTE_MS } from '../../core/market/candle.ts';
import type { Registry } from '../../core/registry.ts';
import { loadTouched } from '../../core/saved-registry.ts';
import { fold } from '../../core/step.ts';
import { type RunRecord, RunRecorder } from '../../report/run/record.ts';
import { pastRows, type UnreadRows } from '../../runtime/past/past-row.ts';
import { equityUnits } from '../watch/book-status.ts';

/** From when on it counts, and until when; UTC milliseconds, undefined: from the first row, to the last. */
export interface Span {
  readonly fromMs: number | undefined;
  readonly untilMs: number | undefined;
}

export class JournalRecord {
  /** Time of the first event that counts, and of the last. */
  firstMs: number | undefined;
  lastMs = 0;
  /** Lives of which something counts. */
  starts = 0;
  /** Time of the first event after the span; undefined: none was met. */
  afterMs: number | undefined;
  /** Minutes in which something was heard, of all symbols together. */
  #candles = 0;
  /** In which it stands; what is heard at a minute's end belongs to it. */
  #minute = 0;
  readonly #span: Span;
  #recorder: RunRecorder | undefined;
  /** In this life the account was read: before it the bot only hears the hours before its start, and refuses whatever they would have led to. */
  #isRead = false;
  /** Of this life something counts. */
  #isCounted = false;

  constructor(span: Span) {
    this.#span = span;
  }

  /** The rows of one life. @returns false where the rest is after the span */
  live(registry: Registry, rows: UnreadRows): boolean {
    this.#isRead = false;
    this.#isCounted = false;
    if (this.#recorder !== undefined) takeOver(this.#recorder, registry, registry.now);
    const untilMs = this.#span.untilMs ?? Number.POSITIVE_INFINITY;
    let event: CoreEvent | undefined;
    for (const { kind, payload } of pastRows(rows)) {
      if (kind === 'event') {
        if (payload.at >= untilMs) {
          this.afterMs = payload.at;
          return false;
        }
        this.#happened(registry, payload);
        event = payload;
      } else if (kind === 'decision') {
        loadTouched(registry, payload.after);
        if (event !== undefined) this.#decided(registry, event, payload.decisions);
      }
    }
    const isMinuteOver = registry.now >= this.#minute * MINUTE_MS;
    if (this.#recorder !== undefined && isMinuteOver) this.#minuteEnded(registry, this.#recorder, this.#minute + 1);
    return true;
  }

  #decided(registry: Registry, event: CoreEvent, decisions: readonly Decision[]): void {
    const recorder = this.#recorder;
    if (recorder === undefined) return;
    recorder.decided(event, this.#isRead ? decisions : decisions.filter(({ kind }) => kind === 'position-closed'));
    if (!ONLY_SEEN.has(event.kind)) takeOver(recorder, registry, event.at);
  }

  /** Undefined: nothing is in the span. */
  record(): RunRecord | undefined {
    return this.#recorder?.record({ candles: this.#candles });
  }

  #happened(registry: Registry, event: CoreEvent): void {
    if (this.#isRead) this.#recorder ??= this.#begun(registry, event.at);
    const recorder = this.#recorder;
    if (recorder === undefined) fold(registry, event);
    else this.#record(registry, recorder, event);
    this.#isRead ||= event.kind === 'exchange-read';
  }

  /** With the state before the first event that counts. */
  #begun(registry: Registry, at: number): RunRecorder | undefined {
    if (at < (this.#span.fromMs ?? 0)) return undefined;
    const recorder = new RunRecorder(registry.balance, []);
    takeOver(recorder, registry, at);
    recorder.minuteEnded(at, equityUnits(registry), openIn(registry));
    this.firstMs = at;
    this.#minute = Math.floor(at / MINUTE_MS) + 1;
    return recorder;
  }

  /** @param now the minute in which it goes on */
  #minuteEnded(registry: Registry, recorder: RunRecorder, now: number): void {
    this.#minute = now;
    this.#candles += registry.symbols.length;
    recorder.minuteEnded(registry.now, earnedEquity(recorder, registry), openIn(registry));
  }

  #record(registry: Registry, recorder: RunRecorder, event: CoreEvent): void {
    if (minuteOf(event.at) > this.#minute) this.#minuteEnded(registry, recorder, minuteOf(event.at));
    const booked = bookedIn(registry, event);
    fold(registry, event);
    // What was told twice, or what a reading has shown before, is in the book already.
    if (booked !== undefined && bookedIn(registry, event) !== booked) recorder.happened(event);
    if (!ONLY_SEEN.has(event.kind)) takeOver(recorder, registry, event.at);
    this.lastMs = Math.max(this.lastMs, event.at);
    if (!this.#isCounted) this.starts += 1;
    this.#isCounted = true;
  }
}

/** What no fill has told of positions and balance. */
function takeOver(recorder: RunRecorder, registry: Registry, at: number): void {
  for (const { instrument, position } of registry.symbols) recorder.holds(instrument, position?.holding, at);
  recorder.balanceIs(registry.balance);
}

/** What was paid in or out is no gain and no loss. */
function earnedEquity(recorder: RunRecorder, registry: Registry): number {
  return equityUnits(registry) - Number(recorder.balanceIs(registry.balance));
}

/** They change neither position nor balance, and are most of what a journal holds. */
const ONLY_SEEN: ReadonlySet<CoreEvent['kind']> = new Set([
  'price',
  'candle-closed',
  'time',
  'funding-forecast',
  'signal',
]);

/** What a fill or a settlement changes where it is booked; undefined: the event is neither. */
function bookedIn({ balance, byInstId }: Registry, event: CoreEvent): string | undefined {
  if (event.kind !== 'filled' && event.kind !== 'funding-settled') return undefined;
  const position = byInstId.get(event.instId)?.position;
  return `${balance} ${position?.number} ${position?.holding.lots}`;
}

function openIn(registry: Registry): number {
  return registry.symbols.filter(({ position }) => position !== undefined).length;
}

/** What is heard at a minute's end, its candle's close, belongs to it. */
function minuteOf(ms: number): number {
  return Math.ceil(ms / MINUTE_MS);
}
