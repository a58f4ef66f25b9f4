/** Governor 4, when the mode in force changes: what is told, what is called back, and what the scalper says from then on. Source: rules.md §6.4. */
import { describe, expect, it } from 'vitest';
import { governorsOf, PRICE, Script, type ScriptOptions } from '../../../test/script.ts';
import { loadTree } from '../../config/index.ts';
import { planExits } from '../exits/planned-exits.ts';
import { type Mode, type ModeState, newModeState, noteResult, TRADING_MODES } from './mode-by-results.ts';
import { componentsInForce, modeOf, scalperSource, voteInForce } from './mode-in-force.ts';
import { beginShadow } from './shadow-trade.ts';

const HOUR = 3_600_000;

/** Trend-following is in force; ten results of each mode around a mean, half of them so much above, half below: their standard error is 0.1 %. */
function withResults(trend: number, reversion: number, more: ScriptOptions = {}): Script & { state: ModeState } {
  const script = new Script({ governors: governorsOf({ mode_by_results: 'on' }), ...more });
  const policy = script.policy.governors.modeByResults;
  if (policy === undefined) throw new Error('it is on');
  const state = newModeState(policy);
  for (let i = 0; i < 10; i++) {
    const spread = i % 2 === 0 ? 0.003 : -0.003;
    noteResult(policy, state, 'ranging', 'trend-following', trend + spread);
    noteResult(policy, state, 'ranging', 'mean-reversion', reversion + spread);
  }
  script.symbol.governors.mode = state;
  script.endMinute();
  return Object.assign(script, { state });
}

const cancels = (script: Script) => script.ofKind('cancel').map(({ because }) => because);

describe('a candle with which results ask for another mode', () => {
  it.each<[Mode, number, number, readonly string[]]>([
    ['mean-reversion', -0.001, 0.002, []],
    ['off', -0.004, -0.004, ['trading went off by its results']],
  ])('switches to it (%s) and tells why; off calls back what is on its way in', (mode, trend, reversion, because) => {
    const script = withResults(trend, reversion);
    script.signal(1);
    const [switched] = script.ofKind('governed', script.candleAlone(PRICE));
    const result = (mean: number) => ({ trades: 10, netPercent: String(mean * 100), errorPercent: '0.1' });
    expect(switched).toEqual({
      kind: 'governed',
      at: script.now,
      governor: 'mode-by-results',
      instId: script.symbol.instrument.instId,
      old: 'trend-following',
      new: mode,
      because: {
        code: 'mode-results',
        regime: 'ranging',
        trendFollowing: result(trend),
        meanReversion: result(reversion),
      },
      until: script.now + HOUR,
    });
    expect(script.state).toMatchObject({ mode, switchedAt: script.now });
    expect(cancels(script)).toEqual(because);
  });

  it('is written down with it', () => {
    const script = withResults(-0.001, 0.002);
    script.candleAlone(PRICE);
    expect([script.state.mode, script.symbol.touched]).toEqual(['mean-reversion', true]);
  });

  it('ends the shadow of the mode that trades itself from then on', () => {
    for (const [reversion, ends] of [
      [0.002, true],
      [-0.004, false],
    ] as const) {
      const script = withResults(-0.004, reversion);
      const exits = planExits(script.registry, script.symbol, 'ranging');
      if (exits === undefined) throw new Error('the market is known');
      script.state.shadows['mean-reversion'] = beginShadow(1, script.now, exits, HOUR);
      script.candleAlone(PRICE);
      expect(script.state.mode).toBe(ends ? 'mean-reversion' : 'off');
      expect(script.state.shadows['mean-reversion'] === undefined).toBe(ends);
    }
  });
});

describe('a minute with which nothing is to change', () => {
  it.each(['1m', '5m'])('calls back no entry that is on its way, with signals of %s', (signal) => {
    const { signals } = loadTree({ timeframes: { signal } }).policy;
    const script = withResults(0.001, 0.001, { signals });
    script.signal(1);
    script.candleAlone(PRICE);
    expect([cancels(script), script.has('entry')]).toEqual([[], true]);
  });

  it('has no vote where it closes no candle of the signal’s timeframe', () => {
    const { signals } = loadTree({ timeframes: { signal: '5m' } }).policy;
    const script = withResults(0.001, 0.001, { signals });
    while ((script.now / 60_000) % 5 !== 2) script.candle(PRICE);
    for (const mode of TRADING_MODES) script.state.votes[mode].side = 1;
    expect(script.ofKind('place', script.candle(PRICE))).toEqual([]);
    expect(TRADING_MODES.map((mode) => script.state.votes[mode].side)).toEqual([0, 0]);
  });
});

describe('the scalper', () => {
  const inForce = ({ registry, symbol }: Script) => [
    modeOf(registry, symbol),
    scalperSource(registry, symbol),
    componentsInForce(registry, symbol),
    voteInForce(registry, symbol),
  ];

  it('speaks by the mode in force, and says nothing where that is off', () => {
    const script = withResults(0, 0);
    const { state } = script;
    for (const mode of TRADING_MODES) {
      state.mode = mode;
      const counted = mode === 'trend-following' ? ['ema', 'sma', 'macd'] : ['rsi', 'bollinger'];
      expect(inForce(script)).toEqual([mode, `scalper, ${mode}`, counted, state.votes[mode]]);
    }
    state.mode = 'off';
    for (const mode of TRADING_MODES) state.votes[mode].side = 1;
    expect(inForce(script)).toMatchObject(['off', 'scalper, off', undefined, { side: 0 }]);
  });

  it('speaks as a whole before the first candle, and where the governor is off, whatever it chose while it was on', () => {
    const whole = [undefined, 'scalper', undefined, undefined];
    expect(inForce(new Script({ governors: governorsOf({ mode_by_results: 'on' }) }))).toEqual(whole);
    const { state } = withResults(0, 0);
    state.mode = 'off';
    const script = new Script({ governors: governorsOf({}) });
    script.symbol.governors.mode = state;
    expect(inForce(script)).toEqual(whole);
    expect(script.refusals(script.signal(1))).toEqual([]);
  });

  it('is not needed for an entry: a signal from elsewhere may come before its first candle', () => {
    const script = new Script({ governors: governorsOf({ mode_by_results: 'on' }) });
    script.signal(1);
    expect(script.has('entry')).toBe(true);
  });
});
