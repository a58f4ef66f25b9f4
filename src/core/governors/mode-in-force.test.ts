/** Governor 4 in time: whenever a candle is told, it is one of its own minute; and what nobody saw is no result. */
import { describe, expect, it } from 'vitest';
import { closedCandles, generated } from '../../../test/generated.ts';
import { governorsOf, PRICE, Script } from '../../../test/script.ts';
import { loadTree } from '../../config/index.ts';
import type { CandleClosed, CoreEvent } from '../event.ts';
import { stopTicksAt, targetTicksAt } from '../exits/exit-prices.ts';
import { planExits } from '../exits/planned-exits.ts';
import { MINUTE_MS } from '../market/candle.ts';
import { decimal } from '../numbers/decimal.ts';
import { money, type Side, ticks } from '../numbers/units.ts';
import { clientIdOf } from '../orders/order.ts';
import { ofRegime, type Policy } from '../policy.ts';
import { newRegistry, type PlannedExits, type Registry } from '../registry.ts';
import { regimeMet } from '../situation.ts';
import { step } from '../step.ts';
import { type ModeState, TRADING_MODES } from './mode-by-results.ts';

const { instruments, candles } = generated(11, 2 * 1440, ['SOL-USDT-SWAP']);
const [instrument] = instruments;
const [column] = candles;
if (instrument === undefined || column === undefined) throw new Error('a market');
const { instId } = instrument;

const CANDLES = closedCandles(column);

/** Distances that know nothing of the price that stands: what a shadow plans is of its candle alone. */
function policyOf(timeframes: Readonly<Record<string, string>> = {}): Policy {
  const { policy: base } = loadTree({ timeframes });
  const none = decimal(0);
  return {
    ...base,
    governors: governorsOf({ mode_by_results: { start_mode: 'trend_following', trades: 1_000 } }),
    exits: { ...base.exits, stopCostMultiple: none, stopPercentMin: none },
    execution: { ...base.execution, spreadTicks: 0, costMultipleMin: none },
  };
}

/** Nothing is ever read of the exchange, so nothing is ever entered: the mode that is not in force is measured all the same. */
function life(policy = policyOf()): Registry {
  return newRegistry({
    run: 'test',
    policy,
    instruments,
    balance: money(1_000_00000000n),
    traced: false,
    ready: false,
  });
}

function told(events: readonly CoreEvent[], registry = life()): Registry {
  for (const event of events) step(registry, event);
  return registry;
}

function modeIn(registry: Registry): ModeState {
  const mode = registry.symbols[0]?.governors.mode;
  if (mode === undefined) throw new Error('no candle was heard');
  return mode;
}

const measured = ({ results }: ModeState) =>
  Object.values(results).reduce((sum, byMode) => sum + byMode['mean-reversion'].length, 0);

/** A price of the candle's close, so long after it. */
const priceAfter = ({ at, closeTicks }: CandleClosed, ms: number): CoreEvent => ({
  kind: 'price',
  at: at + ms,
  instId,
  markTicks: ticks(closeTicks),
  bidTicks: ticks(closeTicks),
  askTicks: ticks(closeTicks),
});

/** Minutes are missing here and there, and a few hours at a stretch. */
const GAPPY = CANDLES.filter((_, i) => i < 1_000 || (i % 13 !== 0 && i % 31 > 2 && i % 700 > 150));

/** A candle of the signal timeframe, put together by hand: when it opened and ended, and when that was known. */
interface Known extends Pick<CandleClosed, 'openTicks' | 'highTicks' | 'lowTicks' | 'closeTicks'> {
  readonly openedAt: number;
  readonly endedAt: number;
}

/** What the mode that is not in force would have brought, by brute force: signals and plans as they were known, candles put together anew. */
function reckoned(candles: readonly CandleClosed[], minutes: number, policy: Policy): number[] {
  const registry = life(policy);
  const [symbol] = registry.symbols;
  if (symbol === undefined) throw new Error('a symbol');
  const spanMs = minutes * MINUTE_MS;
  const signals: { readonly at: number; readonly side: Side; readonly exits: PlannedExits }[] = [];
  const whole: Known[] = [];
  for (const [i, candle] of candles.entries()) {
    const heard = symbol.series.candles;
    step(registry, candle);
    const side = modeIn(registry).votes['mean-reversion'].side;
    const exits = side === 0 ? undefined : planExits(registry, symbol, regimeMet(registry, symbol, side).regime);
    if (side !== 0 && exits !== undefined) signals.push({ at: candle.at, side, exits });
    if (symbol.series.candles === heard) continue;
    const span = candles.slice(Math.max(0, i - 2 * minutes), i + 1);
    const spanOf = ({ openMinute }: CandleClosed) => Math.floor(openMinute / minutes);
    const last = span.findLast((each) => (spanOf(each) + 1) * spanMs <= candle.at);
    if (last === undefined) throw new Error('a candle has closed');
    const parts = span.filter((each) => spanOf(each) === spanOf(last));
    whole.push({
      openedAt: spanOf(last) * spanMs,
      endedAt: (spanOf(last) + 1) * spanMs,
      openTicks: parts[0]?.openTicks ?? 0,
      highTicks: Math.max(...parts.map(({ highTicks }) => highTicks)),
      lowTicks: Math.min(...parts.map(({ lowTicks }) => lowTicks)),
      closeTicks: parts.at(-1)?.closeTicks ?? 0,
    });
  }
  const results: number[] = [];
  let freeFrom = 0;
  for (const { at, side, exits } of signals) {
    if (at < freeFrom) continue;
    const endsAt = at + ofRegime(policy.exits.timeLimitMs, exits.regime);
    const walked = whole.filter(({ openedAt }) => openedAt >= at);
    const [first] = walked;
    if (first === undefined) break;
    const stop = stopTicksAt(side, first.openTicks, exits.stopDistanceTicks);
    const target = targetTicksAt(side, first.openTicks, exits);
    const isAtLeast = (a: number, b: number) => side * (a - b) >= 0;
    const end = walked.find(
      ({ openedAt, endedAt, highTicks, lowTicks }) =>
        openedAt >= endsAt ||
        endedAt >= endsAt ||
        isAtLeast(stop, side === 1 ? lowTicks : highTicks) ||
        isAtLeast(side === 1 ? highTicks : lowTicks, target),
    );
    if (end === undefined) break;
    freeFrom = end.endedAt;
    if (end.openedAt >= endsAt) continue;
    const { openTicks, highTicks, lowTicks, closeTicks } = end;
    const left = isAtLeast(stop, side === 1 ? lowTicks : highTicks)
      ? isAtLeast(stop, openTicks)
        ? openTicks
        : stop
      : isAtLeast(side === 1 ? highTicks : lowTicks, target)
        ? target
        : closeTicks;
    results.push((side * (left - first.openTicks)) / first.openTicks - exits.roundTripShare);
  }
  return results;
}

const inOrder = ({ results }: ModeState) =>
  Object.values(results)
    .flatMap((byMode) => byMode['mean-reversion'])
    .toSorted((a, b) => a - b);

describe('shadow trades', () => {
  const onTime = modeIn(told(CANDLES));

  it('are the same where prices come before the candle of their minute, now sooner, now later', () => {
    const events = CANDLES.flatMap((candle, i) => [priceAfter(candle, 50 + ((i * 7_919) % 900)), candle]);
    expect(measured(onTime)).toBeGreaterThan(50);
    expect(modeIn(told(events))).toEqual(onTime);
  });

  it('are walked through minutes of the past that are told at once, as at every start', () => {
    const last = CANDLES.at(-1);
    if (last === undefined) throw new Error('a candle');
    expect(modeIn(told([priceAfter(last, 300), ...CANDLES]))).toEqual(onTime);
  });

  it.each([
    ['1m', 1, 'with every minute', CANDLES],
    ['1m', 1, 'with gaps', GAPPY],
    ['3m', 3, 'with every minute', CANDLES],
    ['3m', 3, 'with gaps', GAPPY],
    ['5m', 5, 'with gaps', GAPPY],
  ] as const)('on candles of %s (%i) %s are what a reckoning of the whole past says', (signal, minutes, _, candles) => {
    const policy = policyOf({ signal });
    const results = inOrder(modeIn(told(candles, life(policy))));
    expect(results.length).toBeGreaterThan(20);
    expect(results).toEqual(reckoned(candles, minutes, policy).toSorted((a, b) => a - b));
  });
});

it('the trend is followed in shadow where it is not in force, and nothing whose target is not worth its costs', () => {
  const governors = governorsOf({ mode_by_results: { start_mode: 'mean_reversion', trades: 1_000 } });
  const base = { ...policyOf(), governors };
  const lived = (policy: Policy) => {
    const registry = life(policy);
    const sides = new Set<Side>();
    for (const candle of CANDLES) {
      step(registry, candle);
      const shadow = modeIn(registry).shadows['trend-following'];
      if (shadow !== undefined) sides.add(shadow.side);
    }
    const results = Object.values(modeIn(registry).results).flatMap((byMode) => byMode['trend-following']);
    return [[...sides].toSorted((a, b) => a - b), results.length > 50];
  };
  expect(lived(base)).toEqual([[-1, 1], true]);
  const dear = { ...base, execution: { ...base.execution, costMultipleMin: decimal(1_000) } };
  expect(lived(dear)).toEqual([[], false]);
});

describe('a shadow against the trend', () => {
  it.each([
    ['choppy', true],
    ['refuse', false],
  ] as const)('where such an entry is %s: it begins is %s', (trendAgainst, begins) => {
    const base = policyOf();
    const registry = life({ ...base, limits: { ...base.limits, trendAgainst } });
    let against = 0;
    let begun = 0;
    for (const candle of CANDLES) {
      const before = registry.symbols[0]?.governors.mode?.shadows['mean-reversion'];
      step(registry, candle);
      const shadow = modeIn(registry).shadows['mean-reversion'];
      const series = registry.symbols[0]?.series;
      if (shadow === undefined || shadow === before) continue;
      begun += 1;
      if (series?.regime === 'trending' && series.trendSide === -shadow.side) against += 1;
    }
    expect([begun > 30, against > 0]).toEqual([true, begins]);
  });
});

describe('a real trade', () => {
  const scripted = () => {
    const script = new Script({ governors: governorsOf({ mode_by_results: { start_mode: 'trend_following' } }) });
    script.candle(PRICE);
    return script;
  };
  const signal = (script: Script, source: string, side: Side = 1) =>
    script.take({
      kind: 'signal',
      at: script.now,
      instId: script.symbol.instrument.instId,
      side,
      strength: 1,
      priceTicks: ticks(PRICE),
      source,
      reasons: [],
    });
  const close = (script: Script) => {
    script.operator({ do: 'flatten', by: 'a person', instId: script.symbol.instrument.instId });
    script.fill('close');
  };
  const counted = (script: Script) => {
    const results = Object.values(modeIn(script.registry).results);
    return TRADING_MODES.map((mode) => results.reduce((sum, byMode) => sum + byMode[mode].length, 0));
  };

  it('is a result of the mode that its signal was of, though another is in force by the time of its fill', () => {
    const script = scripted();
    signal(script, 'scalper, trend-following');
    modeIn(script.registry).mode = 'mean-reversion';
    script.fill('entry');
    script.candle(PRICE);
    close(script);
    expect(counted(script)).toEqual([1, 0]);
  });

  it('that comes of a signal of no mode is none, nor is one of which nobody knows what began it', () => {
    const script = scripted();
    signal(script, 'a file');
    script.fill('entry');
    script.candle(PRICE);
    close(script);
    script.wait(3_600_000);
    const clientId = clientIdOf({ run: 'test', position: 9, role: 'entry', step: 0, attempt: 1, part: 0 });
    script.take(script.fillEvent(1, 100, PRICE, { clientId }));
    script.candle(PRICE);
    expect(script.position.entryLots).toBe(100);
    close(script);
    expect(counted(script)).toEqual([0, 0]);
  });
});

describe.each<Side>([1, -1])('a market in which no mode gains, side %i', (side) => {
  it('is neither entered nor added to, whoever asks; what is open goes on to be closed', () => {
    const script = new Script({ governors: governorsOf({ mode_by_results: 'on' }) });
    script.candle(PRICE);
    modeIn(script.registry).mode = 'off';
    expect(script.refusals(script.signal(side))).toEqual(['halted']);
    modeIn(script.registry).mode = 'mean-reversion';
    script.enter(side);
    script.wait(60_000);
    modeIn(script.registry).mode = 'off';
    expect(script.refusals(script.signal(side))).toEqual(['halted']);
    expect(script.ofKind('position-closed', [...script.fill('target'), ...script.fill('stop')])).toHaveLength(1);
  });
});
