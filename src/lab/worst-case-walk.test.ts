/**
 * The worst case against what a market can really do: the whole bot is walked down both roads in the simulator, candle by candle, each one
 * made from where the bot stands: every rung as deep as it goes, then every stop; or a gap through all of them.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownInstrument } from '../../test/generated.ts';
import { long } from '../../test/long.ts';
import { loadTree } from '../config/index.ts';
import type { SignalGiven } from '../core/event.ts';
import { targetTicksAt } from '../core/exits/exit-prices.ts';
import type { Instrument } from '../core/instrument/instrument.ts';
import { type BookWorstCase, bookWorstCase } from '../core/ladder/worst-case.ts';
import { type Candles, emptyCandles, MINUTE_MS } from '../core/market/candle.ts';
import { money, type Side, ticks } from '../core/numbers/units.ts';
import { averageTicks, unrealisedUnits } from '../core/position/position.ts';
import type { Registry, SymbolState } from '../core/registry.ts';
import { DEFAULT_FILL_MODEL } from '../sim/matching/fill-model.ts';
import { Backtest } from './backtest.ts';

const WARM_MINUTES = 420;
const CLIMB_MINUTES = 40;
const START_MINUTE = Date.UTC(2026, 0, 5, 1) / MINUTE_MS;
const START_TICKS = 600_000;

interface Walk {
  readonly side: Side;
  readonly symbols: readonly string[];
  readonly balance: number;
  readonly leverage: number;
  readonly preset: 'conservative' | 'aggressive' | 'adaptive';
  readonly style: 'maker_only' | 'maker_then_taker' | 'taker';
  /** How much of the way to the deepest rung each minute goes, in hundredths. */
  readonly pace: number;
  /** Additions without a signal; resting ones stand in the book below the price. */
  readonly additions: 'off' | 'on_trigger' | 'resting';
  /** Fee of a taker as a share of the value, and slippage. */
  readonly costs: { readonly taker: number; readonly slippageBps: number };
  /** `max_loss_per_position`, per cent. */
  readonly lossMax: number;
  readonly shockAtr?: number;
  /** Up to the target in place of down to the stop, and nothing is taken or secured on the way. */
  readonly inProfit?: true;
}

const walks = fc.record({
  side: fc.constantFrom<Side>(1, -1),
  symbols: fc.constantFrom(['BTC-USDT-SWAP'], ['SOL-USDT-SWAP', 'BTC-USDT-SWAP'], ['DOGE-USDT-SWAP', 'XRP-USDT-SWAP']),
  balance: fc.oneof(fc.integer({ min: 300, max: 9_000 }), fc.integer({ min: 9_000, max: 400_000 })),
  leverage: fc.constantFrom(2, 3, 5, 10, 20),
  preset: fc.constantFrom('conservative', 'aggressive', 'adaptive'),
  style: fc.constantFrom('maker_only', 'maker_then_taker', 'taker'),
  pace: fc.integer({ min: 20, max: 95 }),
  additions: fc.constantFrom('off', 'off', 'on_trigger', 'resting'),
  costs: fc.constantFrom(
    { taker: 0.0005, slippageBps: 1 },
    { taker: 0.0005, slippageBps: 1 },
    { taker: 0.0008, slippageBps: 10 },
    { taker: 0, slippageBps: 3 },
  ),
  lossMax: fc.constantFrom(2, 2, 0.7, 8),
});

const inProfit = walks.map(
  (walk): Walk => ({ ...walk, symbols: ['BTC-USDT-SWAP'], style: 'taker', additions: 'off', inProfit: true }),
);

/** A market that is written while it is walked. */
class Road {
  readonly backtest: Backtest;
  readonly #columns: readonly Candles[];
  #registry: Registry | undefined;
  #minute = 0;

  constructor(walk: Walk) {
    const instruments = walk.symbols.map(knownInstrument);
    const minutes = WARM_MINUTES + CLIMB_MINUTES + 3;
    this.#columns = instruments.map(({ instId }) => emptyCandles(instId, minutes));
    for (const column of this.#columns) for (let i = 0; i < minutes; i++) column.openMinute[i] = START_MINUTE + i;
    const { policy } = loadTree({
      position_scaling: {
        preset: walk.preset,
        by_regime: { trending: level, ranging: level, choppy: level },
      },
      limits: {
        trend_against: 'same',
        price_move_max_percent: 100,
        shock_atr: walk.shockAtr ?? 10,
        max_loss_per_position: walk.lossMax,
        ...(walk.inProfit && { regime_margin_points: byRegime(0) }),
      },
      execution: {
        entry_style: walk.style,
        leverage: { max: walk.leverage },
        fee_rates: { maker: Math.min(0.0002, walk.costs.taker), taker: walk.costs.taker },
        slippage_bps: walk.costs.slippageBps,
      },
      exits: { time_limit_minutes: byRegime(120), ...(walk.inProfit && { ...UNSECURED, target_atr: byRegime(6) }) },
      ...(walk.inProfit && { partial_take_profit: { steps: [] } }),
      signals: { scalper: { enabled: 'off' } },
      governors: {
        targets_by_volatility: walk.inProfit ? 'off' : 'on',
        additions_without_signal:
          walk.additions === 'off' ? { enabled: 'off' } : { enabled: 'on', placement: walk.additions },
      },
    });
    this.backtest = new Backtest({
      policy,
      instruments,
      candles: this.#columns,
      balance: money(BigInt(walk.balance) * 100_000_000n),
      model: { ...DEFAULT_FILL_MODEL, slippageBps: walk.costs.slippageBps },
      funding: { intervalMs: 100 * 24 * 60 * MINUTE_MS, rateE8: () => 0 },
      signals: instruments.flatMap((instrument) => signalsOf(instrument, walk.side)),
      traced: false,
      witness: { decided: (_event, _decisions, registry) => void (this.#registry = registry) },
    });
  }

  get registry(): Registry {
    if (this.#registry === undefined) throw new Error('nothing was decided yet');
    return this.#registry;
  }

  /** The next minute of every symbol: from where it closed to `close`, in a straight line; `open` is a gap. */
  minute(road: (index: number, before: number) => { readonly open?: number; readonly close: number }): void {
    for (const [index, column] of this.#columns.entries()) {
      const before = this.#minute === 0 ? START_TICKS : (column.closeTicks[this.#minute - 1] as number);
      const { open = before, close } = road(index, before);
      column.openTicks[this.#minute] = open;
      column.closeTicks[this.#minute] = close;
      column.highTicks[this.#minute] = Math.max(open, close);
      column.lowTicks[this.#minute] = Math.min(open, close);
      column.volumeLots[this.#minute] = 100_000_000;
    }
    this.#minute += 1;
    this.backtest.advance(1);
  }

  /** A market that swings by 0.2 % a minute until the indicators know it; before a climb in profit wilder, and most at first, so that no rung is cut for turbulence. */
  warmUp({ inProfit }: Walk): void {
    for (let i = 0; i < WARM_MINUTES; i++) {
      const swing = inProfit ? (i < 240 ? 9_000 : 3_000) : 1_200;
      this.minute((_, before) => ({ close: i % 2 === 0 ? before + swing : before - swing }));
    }
  }

  /** Towards the deepest price at which the next rung may still be added, and never to the stop; in profit never to the target. */
  climb(walk: Walk): void {
    this.minute((index, before) => {
      const symbol = this.registry.symbols[index] as SymbolState;
      const deepest = walk.inProfit ? beforeTargetTicks(symbol) : deepestTicks(symbol, this.registry);
      if (deepest === undefined) return { close: before - walk.side * 60 };
      return { close: Math.round(before + ((deepest - before) * walk.pace) / 100) };
    });
  }

  /** Through every stop, in one minute. */
  fall(walk: Walk, share: number, isGap: boolean): void {
    this.minute((_, before) => {
      const close = Math.max(1, Math.round(before * (1 - walk.side * share)));
      return isGap ? { open: close, close } : { close };
    });
  }

  get openPositions(): number {
    return this.registry.symbols.filter(({ position }) => position !== undefined).length;
  }
}

const level = { ladder_multiplier: 1 };

const byRegime = (value: number) => ({ trending: value, ranging: value, choppy: value });

const UNSECURED = { breakeven_percent: byRegime(50), trailing: 'off' };

function signalsOf({ instId }: Instrument, side: Side): SignalGiven[] {
  return Array.from({ length: CLIMB_MINUTES }, (_, i) => ({
    kind: 'signal',
    at: (START_MINUTE + WARM_MINUTES + i) * MINUTE_MS,
    instId,
    side,
    strength: 1,
    priceTicks: ticks(START_TICKS),
    source: 'walk',
    reasons: [],
  }));
}

function deepestTicks({ position, instrument, rules, series }: SymbolState, registry: Registry): number | undefined {
  if (position === undefined) return undefined;
  const { holding, exits, leverage } = position;
  const average = averageTicks(holding, instrument);
  const byLoss = (average * -rules[registry.profile][series.regime].lossLimitPercent.approx) / 100 / (leverage ?? 1);
  const least = Math.min(byLoss, exits.stopDistanceTicks);
  return Math.round(average - holding.side * (least - 20));
}

function beforeTargetTicks({ position, instrument }: SymbolState): number | undefined {
  if (position === undefined) return undefined;
  const { holding, exits } = position;
  return targetTicksAt(holding.side, averageTicks(holding, instrument), exits) - holding.side * 20;
}

interface Seen {
  readonly balance: number;
  readonly worst: BookWorstCase;
  readonly rungs: number;
  readonly rungsMax: number;
  /** Numbers of what is open. */
  readonly positions: string;
}

function seen({ registry }: Road): Seen {
  const open = registry.symbols.filter(({ position }) => position !== undefined);
  return {
    balance: Number(registry.balance),
    worst: bookWorstCase(registry),
    rungs: open.reduce((sum, { position }) => sum + (position?.rungs.length ?? 0), 0),
    rungsMax: open.reduce((sum, { coefficientsLeft }) => sum + coefficientsLeft[registry.profile].length, 0),
    positions: registry.symbols.map(({ position }) => position?.number).join(),
  };
}

/** Enters and climbs; what was seen after every minute since the last position was opened. */
function climbed(walk: Walk): { readonly road: Road; readonly whole: Seen[]; readonly last: Seen } {
  const road = new Road(walk);
  road.warmUp(walk);
  const all: Seen[] = [];
  for (let i = 0; i < CLIMB_MINUTES; i++) {
    road.climb(walk);
    all.push(seen(road));
  }
  const last = all.at(-1) as Seen;
  return { road, last, whole: all.filter(({ positions }) => positions === last.positions) };
}

const least = (values: readonly number[]) => Math.min(...values);
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];

describe('the road to every stop', () => {
  it('never costs more than was reckoned, and of a ladder that is climbed whole little less', () => {
    const counts = { positions: 0, rungs: 0 };
    const fromTheEntry: number[] = [];
    const fromTheLastRung: number[] = [];
    fc.assert(
      fc.property(walks, (walk) => {
        const { road, whole, last } = climbed(walk);
        counts.positions += road.openPositions;
        counts.rungs += last.rungs;
        road.fall(walk, 0.05, false);
        road.fall(walk, 0.001, false);
        expect(road.openPositions, 'every stop was hit').toBe(0);
        const end = Number(road.registry.balance);
        for (const { balance, worst } of whole) expect(balance - end).toBeLessThanOrEqual(worst.stoppedUnits);
        const [first] = whole;
        if (first === undefined || last.rungs < last.rungsMax || last.rungs === 0) return;
        if (walk.symbols.length === 1) fromTheEntry.push((first.balance - end) / first.worst.stoppedUnits);
        fromTheLastRung.push((last.balance - end) / last.worst.stoppedUnits);
      }),
      { numRuns: long(90, 1_500), seed: 3 },
    );
    expect(counts.positions, 'positions were opened').toBeGreaterThan(50);
    expect(counts.rungs, 'and climbed').toBeGreaterThan(150);
    expect(fromTheEntry.length, 'ladders were climbed whole').toBeGreaterThan(8);
    expect(median(fromTheEntry), 'of what was reckoned at the entry, rungs floored to lots and all').toBeGreaterThan(
      0.93,
    );
    expect(least(fromTheEntry)).toBeGreaterThan(0.8);
    expect(least(fromTheLastRung), 'of what was reckoned after the last rung').toBeGreaterThan(0.97);
  });

  it('nor does it where every rung comes just before the target, and nothing was taken or secured', () => {
    const climbs = { long: 0, short: 0 };
    const fromTheEntry: number[] = [];
    fc.assert(
      fc.property(inProfit, (walk) => {
        const { road, whole, last } = climbed(walk);
        road.fall(walk, 0.2, false);
        road.fall(walk, 0.001, false);
        expect(road.openPositions, 'every stop was hit').toBe(0);
        const end = Number(road.registry.balance);
        for (const { balance, worst } of whole) expect(balance - end).toBeLessThanOrEqual(worst.stoppedUnits);
        const [first] = whole;
        if (first === undefined || last.rungs < last.rungsMax || last.rungs === 0) return;
        climbs[walk.side === 1 ? 'long' : 'short'] += 1;
        if (walk.side === -1) fromTheEntry.push((first.balance - end) / first.worst.stoppedUnits);
      }),
      { numRuns: long(30, 500), seed: 5 },
    );
    expect(Math.min(climbs.long, climbs.short), 'ladders were climbed whole').toBeGreaterThan(3);
    expect(Math.max(...fromTheEntry), 'of what was reckoned at the entry').toBeGreaterThan(0.9);
  });
});

describe('the road through a gap', () => {
  it('never costs more than was reckoned for that shock, whether stopped, liquidated or still open', () => {
    const counts = { open: 0, closed: 0, liquidated: 0 };
    const lost: number[] = [];
    fc.assert(
      fc.property(
        walks,
        fc.oneof(fc.constantFrom(0.1, 0.25, 0.5, 1), fc.integer({ min: 1, max: 250 })),
        (walk, shockAtr) => {
          const { road, last } = climbed({ ...walk, shockAtr });
          if (last.worst.shockedUnits === 0) return;
          const atr = road.registry.symbols.map(({ series }) => series.atrTicks ?? 0);
          road.minute((index, before) => {
            // The market stands on whole ticks: on the last one of the shock, not beyond it.
            const end = Math.max(1, before - walk.side * Math.floor(shockAtr * (atr[index] as number)));
            return { open: end, close: end };
          });
          counts.open += road.openPositions;
          counts.closed += road.openPositions === 0 ? 1 : 0;
          counts.liquidated += road.backtest.finish().venue.account.totals.penalties > 0n ? 1 : 0;
          const loss = last.balance - equityUnits(road.registry);
          expect(loss).toBeLessThanOrEqual(last.worst.shockedUnits);
          if (last.rungs === last.rungsMax && last.rungs > 0) lost.push(loss / last.worst.shockedUnits);
        },
      ),
      { numRuns: long(90, 1_500), seed: 4 },
    );
    expect(counts.open, 'the shock ended before the stop').toBeGreaterThan(5);
    expect(counts.closed, 'gapped through it').toBeGreaterThan(20);
    expect(counts.liquidated, 'or came to the liquidation').toBeGreaterThan(5);
    expect(least(lost), 'of what was reckoned for a ladder that is climbed whole').toBeGreaterThan(0.97);
  });
});

function equityUnits({ balance, symbols }: Registry): number {
  return symbols.reduce(
    (sum, { position, instrument, markTicks }) =>
      sum + (position === undefined ? 0 : unrealisedUnits(position.holding, instrument, markTicks)),
    Number(balance),
  );
}
