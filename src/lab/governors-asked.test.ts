/**
 * Governors 3 and 4 in whole runs: rungs that no signal asked for, resting ladders, modes that look back only. Source: rules.md §6.3, §6.4.
 * They are off by default; here they are on.
 */
import { describe, expect, it } from 'vitest';
import { brokenCaps } from '../../test/caps.ts';
import { everyEvent } from '../../test/every-event.ts';
import { type Generated, generated, knownInstrument } from '../../test/generated.ts';
import { long } from '../../test/long.ts';
import { loadTree } from '../config/index.ts';
import type { Decision, Governed } from '../core/decision.ts';
import type { CoreEvent, SignalGiven } from '../core/event.ts';
import { expectancyOf } from '../core/governors/mode-by-results.ts';
import { CANDLE_COLUMNS, type Candles, emptyCandles, MINUTE_MS } from '../core/market/candle.ts';
import { money, ticks } from '../core/numbers/units.ts';
import { newRegistry, type Registry } from '../core/registry.ts';
import { loadRegistry, loadTouched, saveRegistry, saveTouched } from '../core/saved-registry.ts';
import { fold, step } from '../core/step.ts';
import { encodeState } from '../runtime/loop.ts';
import { Random } from '../sim/market/random.ts';
import { DEFAULT_FILL_MODEL } from '../sim/matching/fill-model.ts';
import { type BacktestSettings, runBacktest } from './backtest.ts';

const BALANCE = money(1_000_00000000n);
const OTHERS_OFF = { size_by_day: 'off', targets_by_volatility: 'off', pause: 'off' };
const BOTH = { additions_without_signal: { placement: 'resting' }, mode_by_results: 'on' };

function settingsOf(market: Generated, tree: object, more: Partial<BacktestSettings> = {}): BacktestSettings {
  return {
    ...market,
    policy: loadTree(tree).policy,
    balance: BALANCE,
    model: DEFAULT_FILL_MODEL,
    funding: { intervalMs: 8 * 60 * MINUTE_MS, rateE8: () => 10_000 },
    traced: false,
    ...more,
  };
}

interface Told {
  readonly event: CoreEvent;
  readonly decisions: readonly Decision[];
}

function run(settings: BacktestSettings, look?: (event: CoreEvent, registry: Registry) => void) {
  const told: Told[] = [];
  const decided = (event: CoreEvent, decisions: readonly Decision[], registry: Registry) => {
    told.push({ event, decisions: structuredClone(decisions) });
    look?.(event, registry);
  };
  return { told, run: runBacktest({ ...settings, witness: { decided } }) };
}

function ofKind<K extends Decision['kind']>(told: readonly Told[], kind: K): Extract<Decision, { kind: K }>[] {
  return told
    .flatMap(({ decisions }) => decisions)
    .filter((decision): decision is Extract<Decision, { kind: K }> => decision.kind === kind);
}

/** One signal every two hours, in turns long and short, and no scalper: whatever is added, nobody asked for. */
function seldomSignals({ candles, instruments }: Generated): SignalGiven[] {
  const signals: SignalGiven[] = [];
  const [column] = candles;
  const [instrument] = instruments;
  if (column === undefined || instrument === undefined) return signals;
  for (let i = 120; i < column.length; i += 120)
    signals.push({
      kind: 'signal',
      at: ((column.openMinute[i] ?? 0) + 1) * MINUTE_MS,
      instId: instrument.instId,
      side: i % 240 === 0 ? 1 : -1,
      strength: 1,
      priceTicks: ticks(column.closeTicks[i] ?? 1),
      source: 'file',
      reasons: [],
    });
  return signals;
}

describe('a backtest with additions without a signal', () => {
  const market = generated(31, long(12, 60) * 1440, ['SOL-USDT-SWAP']);
  const signals = seldomSignals(market);

  it.each(['on_trigger', 'resting'] as const)(
    'climbs first and second rungs that no signal asked for (%s)',
    (placement) => {
      const tree = {
        governors: { ...OTHERS_OFF, additions_without_signal: { placement } },
        signals: { scalper: { enabled: 'off' } },
        exits: { time_limit_minutes: { ranging: 90, choppy: 90, trending: 90 }, stop_atr: { ranging: 4, choppy: 4 } },
        limits: { max_loss_per_position: 10 },
        position_scaling: { max_loss_for_addition: -8 },
      };
      let resting = 0;
      const { told, run: result } = run(settingsOf(market, tree, { signals }), (_, registry) => {
        for (const symbol of registry.symbols) {
          const { working } = symbol;
          const open = working?.rests === true ? registry.orders.get(working.clientId) : undefined;
          if (open === undefined || open.state === 'ending') continue;
          resting += 1;
          expect(brokenCaps(registry, open)).toEqual([]);
        }
      });
      const rungs = ofKind(told, 'place').filter(({ order }) => order.role === 'rung');
      expect(new Set(rungs.map(({ because }) => because))).toEqual(new Set(['average-down', 'pyramid']));
      const climbed = ofKind(told, 'position-closed').map(({ additions }) => additions);
      expect(climbed.filter((additions) => additions >= 1).length, 'ladders with a rung').toBeGreaterThan(5);
      expect(climbed.filter((additions) => additions >= 2).length, 'ladders with a second').toBeGreaterThan(0);
      const averaging = rungs.filter(({ because }) => because === 'average-down');
      if (placement === 'resting') {
        expect(resting).toBeGreaterThan(averaging.length);
        for (const { order } of averaging) expect(order.terms).toMatchObject({ type: 'limit', postOnly: true });
      } else expect(resting).toBe(0);
      expect(result.registry.balance, 'two books of the same money').toBe(result.venue.account.balance);
    },
  );
});

/** A driftless random walk: steps that know nothing of each other, nothing to find. */
function randomWalk(seed: number, minutes: number): Generated {
  const instrument = knownInstrument('BTC-USDT-SWAP');
  const random = Random.of(seed, 77);
  const candles = emptyCandles(instrument.instId, minutes);
  let close = 600_000;
  for (let i = 0; i < minutes; i++) {
    const open = close;
    let high = open;
    let low = open;
    for (let step = 0; step < 12; step++) {
      close += Math.round(random.normal() * 120);
      high = Math.max(high, close);
      low = Math.min(low, close);
    }
    write(candles, i, [30_000_000 + i, open, high, low, close, 2_000_000]);
  }
  return { instruments: [instrument], candles: [candles] };
}

function write(candles: Candles, i: number, row: readonly number[]): void {
  const [minute = 0, open = 0, high = 0, low = 0, close = 0, volume = 0] = row;
  candles.openMinute[i] = minute;
  candles.openTicks[i] = open;
  candles.highTicks[i] = high;
  candles.lowTicks[i] = low;
  candles.closeTicks[i] = close;
  candles.volumeLots[i] = volume;
}

const NO_COSTS = {
  fee_rates: { maker: 0, taker: 0 },
  slippage_bps: 0,
  spread_ticks: 0,
  entry_style: 'taker',
  on_opposite: 'ignore',
};

describe('mode by results', () => {
  const market = generated(2026, 4 * 1440, ['BTC-USDT-SWAP', 'SOL-USDT-SWAP', 'DOGE-USDT-SWAP']);
  const tree = { governors: { ...OTHERS_OFF, ...BOTH } };

  it('switches at most once an hour and symbol, off and on again too, and each switch says what it rests on', () => {
    const { told } = run(settingsOf(market, tree));
    const last = new Map<string, Governed>();
    const seen = new Set<string>();
    for (const change of ofKind(told, 'governed')) {
      expect(change.governor).toBe('mode-by-results');
      const before = last.get(change.instId ?? '');
      expect(change.old, 'from the mode that was in force').toBe(before?.new ?? 'trend-following');
      if (before !== undefined) expect(change.at - before.at).toBeGreaterThanOrEqual(60 * MINUTE_MS);
      expect(change.until).toBe(change.at + 60 * MINUTE_MS);
      if (change.because.code !== 'mode-results') throw new Error('another reason');
      const { trendFollowing, meanReversion } = change.because;
      expect(Math.max(trendFollowing.trades, meanReversion.trades)).toBe(10);
      last.set(change.instId ?? '', change);
      seen.add(`${change.old} → ${change.new}`);
    }
    expect([...seen]).toEqual(expect.arrayContaining(['trend-following → mean-reversion', 'mean-reversion → off']));
    expect(
      [...seen].some((each) => each.startsWith('off →')),
      'on again, by its shadows',
    ).toBe(true);
  });

  it('enters nothing while trading is off', () => {
    let off = 0;
    run(settingsOf(market, tree), (event, registry) => {
      for (const { governors, orders, working } of registry.symbols) {
        if (governors.mode?.mode !== 'off') continue;
        off += 1;
        if (event.kind !== 'candle-closed') continue;
        const growing = orders.filter(({ order, state }) => !order.reduceOnly && state !== 'ending');
        expect(growing, 'nothing grows').toEqual([]);
        expect(working?.purpose === 'entry' && working.ending === undefined).toBe(false);
      }
    });
    expect(off).toBeGreaterThan(20);
  });

  it('measures the mode in force by the trades that its own signals began, not by those of other signals', () => {
    const source = new Map<number, string>();
    const closed: string[] = [];
    const mode = { start_mode: 'trend_following', trades: 1_000 };
    const market = generated(43, 3 * 1440, ['SOL-USDT-SWAP']);
    const tree = { governors: { ...OTHERS_OFF, mode_by_results: mode } };
    const { told, run: done } = run(settingsOf(market, tree, { signals: seldomSignals(market) }));
    for (const { decisions } of told)
      for (const each of decisions) {
        if (each.kind === 'place' && each.order.role === 'entry') source.set(each.order.position, each.because);
        if (each.kind === 'position-closed') closed.push(source.get(each.position) ?? '');
      }
    const own = closed.filter((each) => each === 'scalper, trend-following').length;
    expect([own > 10, closed.length - own > 10, closed.includes('file')]).toEqual([true, true, true]);
    const results = Object.values(done.registry.symbols[0]?.governors.mode?.results ?? {});
    expect(results.reduce((sum, each) => sum + each['trend-following'].length, 0)).toBe(own);
  });

  it('looks back only: without the candles after a moment everything up to it is decided the same', () => {
    const single = generated(5, 3 * 1440, ['SOL-USDT-SWAP']);
    const [column] = single.candles;
    if (column === undefined) throw new Error('a column');
    const textOf = ({ told }: ReturnType<typeof run>, beforeMs: number) =>
      told.filter(({ event }) => event.at < beforeMs).map((each) => encodeState(each));
    const whole = run(settingsOf(single, tree));
    expect(ofKind(whole.told, 'governed').length).toBeGreaterThan(3);
    for (const minutes of [1_000, 1_777, 2_500, 3_333, 4_000]) {
      const cut = emptyCandles(column.instId, minutes);
      for (const name of CANDLE_COLUMNS) cut[name].set(column[name].subarray(0, minutes));
      const endMs = ((column.openMinute[minutes - 1] ?? 0) + 1) * MINUTE_MS;
      expect(textOf(run(settingsOf({ ...single, candles: [cut] }, tree)), endMs)).toEqual(textOf(whole, endMs));
    }
  });

  it('finds no edge in a random walk: what it trades gains nothing before costs', { timeout: 600_000 }, () => {
    const SEEDS = long(24, 300);
    let trades = 0;
    let switches = 0;
    const means = Array.from({ length: SEEDS }, (_, seed) => {
      const { told } = run(
        settingsOf(
          randomWalk(seed + 1, 3 * 1440),
          {
            governors: { ...OTHERS_OFF, mode_by_results: 'on' },
            execution: NO_COSTS,
            partial_take_profit: { steps: [] },
          },
          { funding: { intervalMs: 8 * 60 * MINUTE_MS, rateE8: () => 0 } },
        ),
      );
      switches += ofKind(told, 'governed').length;
      const results = ofKind(told, 'position-closed').map(
        ({ side, averageTicks, exitTicks }) => ((side === 'long' ? 1 : -1) * (exitTicks - averageTicks)) / averageTicks,
      );
      trades += results.length;
      return expectancyOf(results).mean;
    });
    const { mean, standardError } = expectancyOf(means);
    console.log(
      `mode by results on random walks: ${SEEDS} seeds, ${trades} trades, ${switches} switches, ` +
        `${(mean * 10_000).toFixed(2)} ± ${(standardError * 10_000).toFixed(2)} bps a trade before costs`,
    );
    expect(trades).toBeGreaterThan(SEEDS * 30);
    expect(switches).toBeGreaterThan(SEEDS);
    expect(mean, 'not above nothing').toBeLessThan(3 * standardError);
    expect(Math.abs(mean), 'nor far below: half a basis point of the path’s pessimism').toBeLessThan(
      0.00005 + 4 * standardError,
    );
  });
});

describe('a restart in the middle, with both on', () => {
  const market = generated(8, 2 * 1440, ['SOL-USDT-SWAP', 'DOGE-USDT-SWAP']);
  const settings = settingsOf(market, { governors: { ...OTHERS_OFF, ...BOTH } });
  const { events } = everyEvent(settings);
  const fresh = () =>
    newRegistry({
      run: 'test',
      policy: settings.policy,
      instruments: settings.instruments,
      balance: BALANCE,
      traced: false,
      ready: false,
    });

  it('goes on as if nothing had happened, wherever it falls', () => {
    const lived = fresh();
    let twin: Registry | undefined;
    let restarts = 0;
    let seen = 0;
    events.forEach((event, i) => {
      if (i % 997 === 500) {
        const saved = saveRegistry(lived);
        twin = fresh();
        loadRegistry(twin, saved);
        restarts += 1;
        if (lived.symbols.some(({ governors }) => governors.mode?.shadows['mean-reversion'] !== undefined)) seen += 1;
      }
      const decisions = structuredClone(step(lived, event));
      if (twin !== undefined) expect(step(twin, event)).toEqual(decisions);
    });
    expect(restarts).toBeGreaterThan(8);
    expect(seen, 'some in the middle of a shadow trade').toBeGreaterThan(0);
    if (twin !== undefined) expect(encodeState(saveRegistry(twin))).toBe(encodeState(saveRegistry(lived)));
  });

  it('from the journal’s rows is the same: events are folded, what was decided is loaded', () => {
    const lived = fresh();
    const folded = fresh();
    for (const event of events) {
      const decisions = step(lived, event);
      fold(folded, event);
      if (decisions.length > 0 || lived.symbols.some(({ touched }) => touched)) loadTouched(folded, saveTouched(lived));
    }
    expect(encodeState(saveRegistry(folded))).toBe(encodeState(saveRegistry(lived)));
  });
});
