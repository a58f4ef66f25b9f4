/** design.md §6: a configuration whose timeframes or periods change keeps no bot from what it has open; its indicators are warmed up anew. */
import { describe, expect, it } from 'vitest';
import { closedCandles, generated } from '../../../test/generated.ts';
import { loadTree } from '../../config/index.ts';
import { SymbolSeries } from '../../core/market/series.ts';
import { lots, money, ticks } from '../../core/numbers/units.ts';
import { newRegistry, type Registry } from '../../core/registry.ts';
import { type Plain, saveRegistry, saveTouched } from '../../core/saved-registry.ts';
import { step } from '../../core/step.ts';
import { encodeState } from '../loop.ts';
import type { JournalPast } from '../ports.ts';
import { recover } from './recover.ts';

type Row = ReturnType<JournalPast['rows']> extends Iterable<infer R> ? R : never;

const { instruments, candles } = generated(3, 1_600, ['SOL-USDT-SWAP']);
const [instrument] = instruments;
const [column] = candles;
if (instrument === undefined || column === undefined) throw new Error('a market');
const { instId } = instrument;

const CANDLES = closedCandles(column);

const MODES = { governors: { mode_by_results: { start_mode: 'trend_following' } } };

function fresh(tree: object): Registry {
  const { policy } = loadTree({ ...MODES, ...tree });
  return newRegistry({
    run: 'test',
    policy,
    instruments,
    balance: money(1_000_00000000n),
    traced: false,
    ready: false,
  });
}

function symbolOf(registry: Registry) {
  const [symbol] = registry.symbols;
  if (symbol === undefined) throw new Error('a symbol');
  return symbol;
}

/** A life of 1,500 candles and a position, saved; and 20 rows after the snapshot. */
function lived(): JournalPast & { readonly registry: Registry } {
  const registry = fresh({});
  for (const candle of CANDLES.slice(0, 1_500)) step(registry, candle);
  step(registry, {
    kind: 'filled',
    at: registry.now,
    instId,
    tradeId: '1',
    side: 1,
    sizeLots: lots(100),
    priceTicks: ticks(symbolOf(registry).markTicks),
    fee: money(0n),
    liquidity: 'taker',
    cause: 'foreign',
  });
  const snapshot = { seq: 1, state: encodeState(saveRegistry(registry)) };
  const rows: Row[] = [];
  for (const candle of CANDLES.slice(1_500, 1_520)) {
    rows.push({ seq: rows.length + 2, kind: 'event', atMs: candle.at, payload: candle } as Row);
    const decisions = [...step(registry, candle)];
    if (decisions.length === 0) continue;
    const payload = { decisions, after: saveTouched(registry) };
    rows.push({ seq: rows.length + 2, kind: 'decision', atMs: candle.at, payload } as Row);
  }
  return { registry, rows: () => rows, latestSnapshot: () => snapshot, lastSeq: rows.length + 1 };
}

describe.each([
  ['the timeframe of signals', { timeframes: { signal: '5m' } }],
  ['the timeframe of the regime', { timeframes: { regime: '15m' } }],
  ['a period', { signals: { scalper: { rsi_period: 21 } } }],
])('where %s has changed', (_, tree) => {
  it('what is open is taken over, and indicators know nothing until the past was told anew', () => {
    const past = lived();
    const registry = fresh(tree);
    recover(registry, past);
    const symbol = symbolOf(registry);
    expect(symbol.position).toEqual(symbolOf(past.registry).position);
    expect(registry.now).toBe(past.registry.now);
    expect([symbol.series.openMinute, symbol.series.atrTicks, symbol.series.ready]).toEqual([-1, undefined, false]);
    expect(symbol.heardUntil, 'what was open then was open by other signals').toBe(registry.now);
    const told = new SymbolSeries(registry.policy.signals.series);
    for (const candle of CANDLES) {
      const { openMinute, openTicks, highTicks, lowTicks, closeTicks, volumeLots } = candle;
      told.onClosed1m(openMinute, openTicks, highTicks, lowTicks, closeTicks, volumeLots);
      step(registry, candle);
    }
    expect(symbolOf(registry).series.ready).toBe(true);
    expect(symbolOf(registry).series.save()).toEqual(told.save());
  });

  it('modes have brought nothing by these signals yet; the one in force stays', () => {
    const past = lived();
    const { mode } = symbolOf(past.registry).governors;
    if (mode === undefined) throw new Error('it was heard');
    const results = (of: typeof mode) => Object.values(of.results).flatMap((byMode) => Object.values(byMode).flat());
    expect(results(mode).length).toBeGreaterThan(5);
    mode.mode = 'mean-reversion';
    mode.switchedAt = 77;
    const snapshot = { seq: 1, state: encodeState(saveRegistry(past.registry)) };
    const registry = fresh(tree);
    recover(registry, { ...past, rows: () => [], latestSnapshot: () => snapshot });
    const again = symbolOf(registry).governors.mode;
    expect(again).toMatchObject({ mode: 'mean-reversion', switchedAt: 77, heard: 0 });
    expect(again === undefined ? [] : results(again)).toEqual([]);
  });
});

it.each([
  ['off', MODES, { governors: { mode_by_results: 'off' } }],
  ['on', { governors: { mode_by_results: 'off' } }, MODES],
])(
  'where the modes are switched %s together with a period the bot starts, and goes on by its candles',
  (_, was, is) => {
    const past = fresh(was);
    for (const candle of CANDLES.slice(0, 300)) step(past, candle);
    const snapshot = { seq: 1, state: encodeState(saveRegistry(past)) };
    const registry = fresh({ ...is, signals: { scalper: { rsi_period: 21 } } });
    recover(registry, { rows: () => [], latestSnapshot: () => snapshot, lastSeq: 1 });
    for (const candle of CANDLES.slice(300, 600)) step(registry, candle);
    expect(symbolOf(registry).governors.mode?.mode).toBe(is === MODES ? 'trend-following' : undefined);
  },
);

it('where a release keeps other numbers of indicators, they begin anew too', () => {
  const past = lived();
  const state = saveRegistry(past.registry) as { symbols: readonly { series: readonly number[] }[] };
  const symbols = state.symbols.map((each) => ({ ...each, series: each.series.slice(0, -1) }));
  const snapshot = { seq: 1, state: encodeState({ ...state, symbols } as unknown as Plain) };
  const registry = fresh({});
  recover(registry, { ...past, rows: () => [], latestSnapshot: () => snapshot });
  expect(symbolOf(registry).series.openMinute).toBe(-1);
});

it('where nothing has changed they go on', () => {
  const past = lived();
  const registry = fresh({});
  recover(registry, past);
  expect(encodeState(saveRegistry(registry))).toBe(encodeState(saveRegistry(past.registry)));
});
