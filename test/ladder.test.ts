/**
 * The ladder end to end: signals go in at one end; at the other, through core and simulator, rungs are filled, each changes the average and moves the
 * protective stop. A long and its mirrored short over mirrored candles give mirrored results (lessons.md 1, 4, 23).
 */
import { describe, expect, it } from 'vitest';
import { loadTree } from '../src/config/index.ts';
import type { Decision } from '../src/core/decision.ts';
import type { CoreEvent, SignalGiven } from '../src/core/event.ts';
import { type Candles, emptyCandles, MINUTE_MS } from '../src/core/market/candle.ts';
import { money, type Side, ticks } from '../src/core/numbers/units.ts';
import { averageTicks } from '../src/core/position/position.ts';
import type { Registry } from '../src/core/registry.ts';
import { runBacktest } from '../src/lab/backtest.ts';
import { DEFAULT_FILL_MODEL } from '../src/sim/matching/fill-model.ts';
import { knownInstrument } from './generated.ts';

const btc = knownInstrument('BTC-USDT-SWAP');
const SYMBOL = btc.instId;
const FIRST_MINUTE = Date.UTC(2026, 0, 5) / MINUTE_MS;
/** 60,000 USDT: the axis of the mirror. */
const AXIS = 600_000;
const WARM_MINUTES = 600;
/** Against the position, in ticks from the axis, by minutes after the entry's candle: 12 a minute, in all about a tenth of a per cent. */
const MOVES = [0, -12, -24, -36, -60, -72, -84, -108, -120, -132, -156, -168];
/** Minutes after the warm-up at which a signal asks: an entry, then every other minute or so. */
const ASKS = [0, 2, 4, 6, 8, 10];

/** A market that swings 0.4 % to and fro around the axis, then moves as told; `side` −1 is its mirror image. */
function marketFor(side: Side, moves: readonly number[]): Candles {
  const path = [
    ...Array.from({ length: WARM_MINUTES }, (_, i) => Math.round(1_200 * Math.sin(i / 9) + 150 * Math.sin(i * 1.7))),
    ...moves,
    ...Array.from({ length: 20 }, () => moves.at(-1) ?? 0),
  ];
  const candles = emptyCandles(SYMBOL, path.length);
  let before = 0;
  for (const [i, close] of path.entries()) {
    const top = Math.max(before, close) + 40;
    const bottom = Math.min(before, close) - 40;
    candles.openMinute[i] = FIRST_MINUTE + i;
    candles.openTicks[i] = AXIS + side * before;
    candles.highTicks[i] = AXIS + (side === 1 ? top : -bottom);
    candles.lowTicks[i] = AXIS + (side === 1 ? bottom : -top);
    candles.closeTicks[i] = AXIS + side * close;
    candles.volumeLots[i] = 500_000;
    before = close;
  }
  return candles;
}

function asking(side: Side, candles: Candles): SignalGiven[] {
  return ASKS.map((minute) => {
    const i = WARM_MINUTES + minute;
    return {
      kind: 'signal',
      at: ((candles.openMinute[i] ?? 0) + 1) * MINUTE_MS,
      instId: SYMBOL,
      side,
      strength: 1,
      priceTicks: ticks(candles.closeTicks[i] ?? 1),
      source: 'test',
      reasons: [],
    };
  });
}

/** What stood after each fill that enlarged the position. */
interface Step {
  readonly rungs: number;
  readonly lots: number;
  /** From the axis, towards the profit of a long and of its mirror alike. */
  readonly average: number;
  readonly stop: number;
}

function climb(side: Side) {
  const candles = marketFor(side, MOVES);
  const { policy } = loadTree({
    signals: { scalper: { enabled: 'off' } },
    // Costs are shares of the price, which a mirror changes: without them everything else must mirror to the last unit.
    execution: { fee_rates: { maker: 0, taker: 0 }, slippage_bps: 0, entry_style: 'taker' },
    exits: { time_limit_minutes: { trending: 12, ranging: 12, choppy: 12 } },
  });
  const steps: Step[] = [];
  const decisions: Decision[] = [];
  const run = runBacktest({
    policy,
    instruments: [btc],
    candles: [candles],
    balance: money(1_000_00000000n),
    model: { ...DEFAULT_FILL_MODEL, slippageBps: 0 },
    funding: { intervalMs: 8 * 60 * MINUTE_MS, rateE8: () => 0 },
    traced: true,
    signals: asking(side, candles),
    witness: {
      decided: (event: CoreEvent, made: readonly Decision[], registry: Registry) => {
        decisions.push(...made.map((decision) => structuredClone(decision)));
        const step = event.kind === 'filled' ? stepOf(registry, side) : undefined;
        if (step !== undefined && step.lots > (steps.at(-1)?.lots ?? 0)) steps.push(step);
      },
    },
  });
  const closed = decisions.find((decision) => decision.kind === 'position-closed');
  return { run, steps, decisions, closed };
}

function stepOf(registry: Registry, side: Side): Step | undefined {
  const position = registry.symbols[0]?.position;
  if (position === undefined) return undefined;
  const stop = [...registry.orders.values()].find(({ order }) => order.role === 'stop');
  return {
    rungs: position.rungs.length,
    lots: position.holding.lots,
    average: side * (averageTicks(position.holding, btc) - AXIS),
    stop: side * ((stop?.ticksWanted ?? 0) - AXIS),
  };
}

describe.each([
  ['long', 1],
  ['short', -1],
] as const)('a %s ladder', (_, side) => {
  const { steps, decisions, closed, run } = climb(side);

  it('is entered and climbed rung by rung, by the signals and their fills', () => {
    expect(steps.map(({ rungs }) => rungs).slice(0, 4)).toEqual([0, 1, 2, 3]);
    expect(closed).toMatchObject({ side: side === 1 ? 'long' : 'short', additions: steps.length - 1 });
  });

  it('has a better average after the second and the third rung, and its stop goes with it', () => {
    const [entry, first, second, third] = steps;
    if (entry === undefined || first === undefined || second === undefined || third === undefined)
      throw new Error('no three rungs');
    expect(entry.average).toBeGreaterThan(first.average);
    expect(first.average).toBeGreaterThan(second.average);
    expect(second.average).toBeGreaterThan(third.average);
    expect(first.stop, 'the first rung moves the stop').toBeLessThan(entry.stop);
    expect(second.stop, 'the second too').toBeLessThan(first.stop);
    expect(third.stop, 'and the third').toBeLessThan(second.stop);
    for (const { average, stop } of steps)
      expect(average - stop, 'on the losing side of the average').toBeGreaterThan(0);
  });

  it('says of every rung how far its gates were from a no', () => {
    const rungs = decisions.flatMap((decision) =>
      decision.kind === 'place' && decision.order.role === 'rung' ? [decision] : [],
    );
    expect(rungs.length).toBeGreaterThanOrEqual(3);
    for (const { reasoning } of rungs) {
      expect(reasoning?.gates.map(({ code }) => code)).toContain('loss-too-deep');
      expect(reasoning?.gates.every(({ ok }) => ok === true)).toBe(true);
    }
  });

  it('books what it lost, to the last unit', () => {
    const { account } = run.venue;
    expect(run.registry.balance).toBe(account.balance);
    expect(account.balance).toBe(1_000_00000000n + account.totals.gross);
    expect(account.totals.gross).toBeLessThan(0n);
  });
});

describe('a long and its mirrored short', () => {
  const long = climb(1);
  const short = climb(-1);

  it('climb alike', () => expect(short.steps).toEqual(long.steps));

  it('decide the same things at the same moments, the other way round', () => {
    const shape = (decisions: readonly Decision[], side: Side) =>
      decisions.map((decision) => {
        const at = decision.at - FIRST_MINUTE * MINUTE_MS;
        if (decision.kind === 'place') {
          const { role, sizeLots, side: orderSide, terms } = decision.order;
          return [at, role, sizeLots, side * orderSide, terms.type];
        }
        if (decision.kind === 'refused') return [at, 'refused', decision.code];
        return [at, decision.kind];
      });
    expect(shape(short.decisions, -1)).toEqual(shape(long.decisions, 1));
  });

  it('end with the same balance', () => {
    expect(short.run.venue.account.balance).toBe(long.run.venue.account.balance);
    expect(short.closed).toMatchObject({ reason: long.closed?.kind === 'position-closed' ? long.closed.reason : '' });
  });
});
