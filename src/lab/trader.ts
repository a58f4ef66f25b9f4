/**
 * One account's core at one simulated venue, candle by candle: what the venue does on a candle's path, then its close to the core, then what the core
 * asks for. Runs of candles in which nothing can happen are heard in one go.
 */
import type { Decision } from '../core/decision.ts';
import type { CandleClosed, CoreEvent, SignalGiven } from '../core/event.ts';
import type { Instrument } from '../core/instrument/instrument.ts';
import { type Candles, MINUTE_MS } from '../core/market/candle.ts';
import { unrealisedUnits } from '../core/position/position.ts';
import { newRegistry, type Registry, type SymbolState } from '../core/registry.ts';
import { hearCandles, heedsPassing, mayHearAhead, passOver, step, stepCandles, stepHeard } from '../core/step.ts';
import { SimVenue } from '../sim/venue/venue.ts';
import type { BacktestSettings, Witness } from './backtest.ts';

const CHUNK = 1440;

/** Candles that a symbol is heard ahead at most: about as many as go by until the next that is anybody's business. */
const AHEAD = 64;

export class Trader {
  readonly registry: Registry;
  readonly venue: SimVenue;
  signalsThought = 0;
  /** Somebody wants every candle, or sends signals: they go one by one, each in its time. */
  readonly #isAttended: boolean;
  /** Somebody wants the equity of every minute. */
  readonly #isTold: boolean;
  /** Nobody wants the minute of a candle that was heard ahead and is nobody's business. */
  readonly #passesUnseen: boolean;
  readonly #settings: BacktestSettings;
  readonly #witness: Witness | undefined;
  /** Events heard and not yet thought about. */
  readonly #queue: CoreEvent[] = [];
  #waiting = 0;
  /** One for each column of candles. */
  readonly #signals: readonly SignalQueue[] | undefined;
  #lastClose = 0;
  /** The next close after which a symbol has no candle while others go on. */
  #nextEndMs: number;
  /** By column, among several: the candle up to which its series has heard; past the present one where nothing is open. */
  readonly #heard: Uint32Array;
  readonly #awake: number[] = [];

  constructor(settings: BacktestSettings) {
    this.#settings = settings;
    this.#witness = settings.witness;
    this.#isAttended = settings.witness?.candleClosed !== undefined || settings.signals !== undefined;
    this.#isTold = settings.witness?.minuteEnded !== undefined;
    this.#passesUnseen = !this.#isTold && !heedsPassing(settings.policy);
    this.#heard = new Uint32Array(settings.candles.length);
    this.#nextEndMs = nextEndMs(settings.candles, 0);
    this.registry = newRegistry({
      run: 'test',
      policy: settings.policy,
      instruments: settings.instruments,
      balance: settings.balance,
      traced: settings.traced,
      ready: false,
    });
    const trader = {
      hear: (event: CoreEvent) => this.#hear(event),
      settle: () => this.#settle(),
      watches: this.registry.symbols,
    };
    this.venue = new SimVenue(
      {
        instruments: settings.instruments,
        account: {
          id: 'backtest',
          startBalance: settings.balance,
          feeRates: settings.policy.execution.feeRates,
          leverage: settings.policy.execution.leverage.max,
        },
        model: settings.model,
        funding: settings.funding,
        saysAvailable: false,
      },
      trader,
    );
    this.#signals = settings.signals === undefined ? undefined : queuesOf(settings.instruments, settings.signals);
  }

  open(): void {
    const first = firstMinute(this.#settings.candles);
    this.venue.announce(Number.isFinite(first) ? first * MINUTE_MS : 0);
    this.#settle();
  }

  runAlone(from: number, to: number): void {
    for (let start = from; start < to; start += CHUNK) this.#runChunk(start, Math.min(to, start + CHUNK));
  }

  /** Short calls stay in code that was compiled whole; one call over a year would not (dependencies.md, "Hot loops"). */
  #runChunk(from: number, to: number): void {
    for (let candle = from; candle < to; ) candle = this.#runCandles(candle, to);
  }

  /**
   * One candle in which something may happen at the venue, or as many in which nothing can, up to the first that the core answers.
   * @returns the candle after them
   */
  #runCandles(from: number, to: number): number {
    const { venue, registry } = this;
    const candles = this.#settings.candles[0] as Candles;
    const symbol = registry.symbols[0] as SymbolState;
    const quiet = venue.quietUntil(0, candles, from, this.#isAttended ? from + 1 : to);
    if (quiet === from) venue.walk(0, candles, from);
    this.#tellCandle(candles, from);
    const next = stepCandles(registry, symbol, candles, from, Math.max(quiet, from + 1));
    if (quiet > from) venue.pass(0, candles, next - 1);
    if (this.#isTold) this.#tellPassed(symbol, candles, from, next - 1);
    this.#closed(0, candles, next - 1);
    if (!registry.ready) this.#readAnew();
    if (this.#isTold) this.#tellMinute(this.#lastClose);
    return next;
  }

  /**
   * A candle of each symbol that has one: what happens on their paths at the venue in the order of time, then their closes to the core. One that
   * was heard ahead has nothing on its path.
   */
  runMinute(closeMs: number, due: readonly number[], candleOf: Uint32Array): void {
    this.#findAwake(due, candleOf);
    this.venue.runMinute(this.#awake, this.#settings.candles, candleOf, closeMs);
    if (this.#waiting > 0) this.#settle();
    for (let i = 0; i < due.length; i++) {
      const index = due[i] as number;
      const candle = candleOf[index] as number;
      if (candle + 1 < (this.#heard[index] as number)) this.#passOver(index, candle, closeMs);
      else {
        const heard = this.#close(index, candle);
        this.#heard[index] = heard;
        // To the last one heard: nobody wants those before it.
        if (this.#passesUnseen && heard > candle + 2) candleOf[index] = heard - 2;
      }
    }
    if (!this.registry.ready) this.#readAnew();
    if (closeMs === this.#nextEndMs) this.#endColumns(closeMs);
    if (this.#isTold) this.#tellMinute(closeMs);
  }

  /** After a no to what only reduces the core adds nothing before it has read the account anew: live by itself, here at the end of the minute. */
  #readAnew(): void {
    this.venue.read();
    this.#settle();
  }

  /** What is open of a symbol that has no further candle closes: nothing would watch over it any more. */
  #endColumns(closeMs: number): void {
    const { candles, instruments } = this.#settings;
    for (const [index, { instId }] of instruments.entries()) {
      if (endMs(candles[index] as Candles) !== closeMs) continue;
      this.#flatten(closeMs, { instId });
      this.venue.endAtLast(index, closeMs);
      this.#settle();
    }
    this.#nextEndMs = nextEndMs(candles, closeMs);
  }

  #flatten(at: number, whose: { readonly instId?: string }): void {
    const because = 'end-of-data';
    this.#hear({ kind: 'operator', at, command: { do: 'flatten', by: 'backtest', ...whose, because } });
    this.#settle();
  }

  /** Those of which something may happen at the venue. Written over, as in `eachMinute`. */
  #findAwake(due: readonly number[], candleOf: Uint32Array): void {
    const awake = this.#awake;
    let count = 0;
    for (let i = 0; i < due.length; i++) {
      const index = due[i] as number;
      if ((candleOf[index] as number) < (this.#heard[index] as number)) continue;
      awake[count] = index;
      count += 1;
    }
    if (awake.length > count) awake.length = count;
  }

  #passOver(index: number, candle: number, closeMs: number): void {
    if (!passOver(this.registry, this.registry.symbols[index] as SymbolState, closeMs)) return;
    this.#decided(this.#settings.candles[index] as Candles, candle);
    if (this.#waiting > 0) this.#settle();
  }

  /** The close of a candle to the core; after it the symbol may hear those to come. @returns the candle up to which it has heard */
  #close(index: number, candle: number): number {
    const { venue, registry } = this;
    const candles = this.#settings.candles[index] as Candles;
    const symbol = registry.symbols[index] as SymbolState;
    this.#tellCandle(candles, candle);
    if (candle < (this.#heard[index] as number)) {
      venue.pass(index, candles, candle);
      stepHeard(registry, symbol, candles, candle);
    } else stepCandles(registry, symbol, candles, candle, candle + 1);
    this.#closed(index, candles, candle);
    return this.#isAttended ? 0 : this.#hearAhead(index, symbol, candles, candle + 1);
  }

  /** Up to the first candle in which the venue may do something, or that the core answers. @returns the candle after the last one heard */
  #hearAhead(index: number, symbol: SymbolState, candles: Candles, from: number): number {
    if (!mayHearAhead(symbol)) return from;
    const quiet = this.venue.quietUntil(index, candles, from, Math.min(candles.length, from + AHEAD));
    return quiet === from ? from : hearCandles(this.registry, symbol, candles, from, quiet);
  }

  /** What the core has said to the close of a candle happens. */
  #closed(index: number, candles: Candles, candle: number): void {
    this.#lastClose = ((candles.openMinute[candle] as number) + 1) * MINUTE_MS;
    if (this.registry.decisions.length > 0) this.#decided(candles, candle);
    if (this.#signals !== undefined) this.#tellSignals(this.#signals[index] as SignalQueue, this.#lastClose);
    if (this.#waiting > 0) this.#settle();
  }

  #tellCandle(candles: Candles, candle: number): void {
    if (this.#witness?.candleClosed !== undefined) this.#witness.candleClosed(closedCandle(candles, candle));
  }

  /** What the core decided at the close of a candle. */
  #decided(candles: Candles, candle: number): void {
    const { registry } = this;
    const { decisions } = registry;
    this.#witness?.decided?.(closedCandle(candles, candle), decisions, registry);
    for (const decision of decisions) this.#act(decision);
  }

  /** Those of the minute that ends at `closeMs`. */
  #tellSignals(queue: SignalQueue, closeMs: number): void {
    for (let signal = queue.waiting[queue.next]; signal !== undefined; signal = queue.waiting[queue.next]) {
      if (signal.at > closeMs) return;
      queue.next += 1;
      if (signal.at <= closeMs - MINUTE_MS) continue;
      this.signalsThought += 1;
      this.#think({ ...signal, at: closeMs });
    }
  }

  #tellMinute(closeMs: number): void {
    let equity = Number(this.registry.balance);
    let open = 0;
    for (const { position, instrument, markTicks } of this.registry.symbols) {
      if (position === undefined) continue;
      equity += unrealisedUnits(position.holding, instrument, markTicks);
      open += 1;
    }
    this.#witness?.minuteEnded?.(closeMs, equity, open);
  }

  /** The minutes of candles that went by with the one after them: the book was the same, their closes were the marks. */
  #tellPassed({ position, instrument }: SymbolState, candles: Candles, from: number, to: number): void {
    const balance = Number(this.registry.balance);
    for (let i = from; i < to; i++) {
      const at = ((candles.openMinute[i] as number) + 1) * MINUTE_MS;
      if (position === undefined) this.#witness?.minuteEnded?.(at, balance, 0);
      else {
        const gain = unrealisedUnits(position.holding, instrument, candles.closeTicks[i] as number);
        this.#witness?.minuteEnded?.(at, balance + gain, 1);
      }
    }
  }

  /** What is open closes at the last close, as taker, reason `end-of-data`. */
  close(): void {
    this.#flatten(this.#lastClose, {});
    this.venue.openAtLast(this.#lastClose);
    this.#settle();
    if (this.registry.balance !== this.venue.account.balance)
      throw new Error(
        `the core's balance ${this.registry.balance} is not the simulator's ${this.venue.account.balance} (10⁻⁸ USDT)`,
      );
    this.#witness?.closedOut?.(Number(this.registry.balance));
  }

  /** The queue keeps its length, and what was thought about is written over: a list that is made anew for every event costs more. */
  #hear(event: CoreEvent): void {
    this.#queue[this.#waiting] = event;
    this.#waiting += 1;
  }

  #settle(): void {
    for (let i = 0; i < this.#waiting; i++) this.#think(this.#queue[i] as CoreEvent);
    this.#waiting = 0;
  }

  #think(event: CoreEvent): void {
    this.#witness?.happened?.(event);
    const decisions = step(this.registry, event);
    if (decisions.length === 0) return;
    this.#witness?.decided?.(event, decisions, this.registry);
    for (const decision of decisions) this.#act(decision);
  }

  #act(decision: Decision): void {
    switch (decision.kind) {
      case 'place':
        return this.venue.place(decision.order);
      case 'cancel':
        return this.venue.cancel(decision.instId, decision.clientId);
      case 'amend':
        return this.venue.amend(decision);
      case 'set-leverage':
        return this.venue.setLeverage(decision.instId, decision.leverage);
      case 'refused':
      case 'held':
      case 'position-closed':
      case 'governed':
      case 'alert':
        return;
    }
  }
}

/** Infinity: there is no candle. */
export function firstMinute(columns: readonly Candles[]): number {
  return Math.min(...columns.map(({ openMinute }) => openMinute[0] ?? Number.POSITIVE_INFINITY));
}

/** Close of the last candle; 0: there is none. */
function endMs({ openMinute, length }: Candles): number {
  return length === 0 ? 0 : ((openMinute[length - 1] as number) + 1) * MINUTE_MS;
}

/** The first end of a column after `afterMs` that is not the end of them all; Infinity: none. */
function nextEndMs(columns: readonly Candles[], afterMs: number): number {
  const ends = columns.map(endMs);
  const last = Math.max(...ends);
  return Math.min(...ends.filter((end) => end > afterMs && end < last));
}

/** The event of a candle of a column, for who looks on and who hears it through the loop. */
export function closedCandle(candles: Candles, i: number): CandleClosed {
  const openMinute = candles.openMinute[i] as number;
  return {
    kind: 'candle-closed',
    at: (openMinute + 1) * MINUTE_MS,
    instId: candles.instId,
    openMinute,
    openTicks: candles.openTicks[i] as number,
    highTicks: candles.highTicks[i] as number,
    lowTicks: candles.lowTicks[i] as number,
    closeTicks: candles.closeTicks[i] as number,
    volumeLots: candles.volumeLots[i] as number,
  };
}

interface SignalQueue {
  readonly waiting: readonly SignalGiven[];
  next: number;
}

function queuesOf(instruments: readonly Instrument[], signals: readonly SignalGiven[]): SignalQueue[] {
  return instruments.map(({ instId }) => ({ waiting: signals.filter((signal) => signal.instId === instId), next: 0 }));
}
