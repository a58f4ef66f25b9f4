/**
 * The demo's whole machine: a seeded market, the simulated exchange, the loop, the core. No keys, no network, no clock of its own.
 *
 * Whoever drives it calls `nextSecond` as fast as it likes: the same seed gives the same trades at any speed.
 */
import { HISTORY_MINUTES } from '../../config/warm-up.ts';
import type { Decision } from '../../core/decision.ts';
import type { CoreEvent } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { MINUTE_MS } from '../../core/market/candle.ts';
import type { Money } from '../../core/numbers/units.ts';
import type { Policy } from '../../core/policy.ts';
import { newRegistry, type Registry } from '../../core/registry.ts';
import { LOOP_LIMITS, Loop } from '../../runtime/loop.ts';
import type { Journal } from '../../runtime/ports.ts';
import { SimClock } from '../../sim/clock.ts';
import { Market, type MarketSymbol } from '../../sim/market/market.ts';
import type { FillModel } from '../../sim/matching/fill-model.ts';
import { LiveVenue } from '../../sim/venue/live-venue.ts';

interface DemoSettings {
  readonly policy: Policy;
  readonly symbols: readonly { readonly instrument: Instrument; readonly market: Omit<MarketSymbol, 'instId'> }[];
  readonly balance: Money;
  readonly model: FillModel;
  readonly seed: number;
  readonly journal: Journal;
  readonly thought: (event: CoreEvent, decisions: readonly Decision[], registry: Registry) => void;
  readonly warn: (error: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/** Where every demo begins: 2026-01-05 00:00 UTC. */
const START_MINUTE = Date.UTC(2026, 0, 5) / MINUTE_MS;
/** Each drain costs a commit or a few. */
const HISTORY_AT_ONCE = 60;

export class DemoMachine {
  readonly registry: Registry;
  readonly venue: LiveVenue;
  readonly loop: Loop;
  readonly #clock: SimClock;

  constructor(settings: DemoSettings) {
    const { policy, symbols, balance } = settings;
    const instruments = symbols.map(({ instrument }) => instrument);
    const startMinute = START_MINUTE - HISTORY_MINUTES;
    const market = Market.of({
      seed: settings.seed,
      startMinute,
      correlation: 0.6,
      symbols: symbols.map((symbol) => ({ ...symbol.market, instId: symbol.instrument.instId })),
    });
    this.registry = newRegistry({ run: 'demo', policy, instruments, balance, traced: true, ready: false });
    const account = {
      id: 'demo',
      startBalance: balance,
      feeRates: policy.execution.feeRates,
      leverage: policy.execution.leverage.max,
    };
    this.venue = new LiveVenue({ instruments, market, account, model: settings.model }, (event) =>
      this.loop.hear(event),
    );
    this.#clock = new SimClock(START_MINUTE * MINUTE_MS);
    this.loop = new Loop({
      registry: this.registry,
      exchange: this.venue,
      journal: settings.journal,
      clock: this.#clock,
      limits: LOOP_LIMITS,
      witness: settings,
      failed: settings.failed,
    });
  }

  /** Makes the history, which is heard but not traded in: the exchange has not been read yet. */
  warmUp(): void {
    for (let told = 0; told < HISTORY_MINUTES; told += HISTORY_AT_ONCE) {
      this.venue.tellHistory(HISTORY_AT_ONCE);
      this.loop.drain();
    }
    this.#clock.advanceTo(this.venue.nowMs);
  }

  /** One simulated second: the market moves, the loop thinks, what it asked for stands before the next second. */
  nextSecond(): void {
    this.venue.nextSecond();
    this.loop.drain();
    this.#clock.advanceTo(this.venue.nowMs);
  }

  get nowMs(): number {
    return this.venue.nowMs;
  }

  /** Ends the run: the state is saved, orders and positions stay as they are. */
  stop(): void {
    this.loop.stop();
  }
}
