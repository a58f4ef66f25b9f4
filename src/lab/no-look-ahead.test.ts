/** No look-ahead: with other candles from a moment on, everything up to it is the same to the byte. */
import { expect, it } from 'vitest';
import { generated } from '../../test/generated.ts';
import { long } from '../../test/long.ts';
import { loadTree } from '../config/index.ts';
import type { CoreEvent } from '../core/event.ts';
import { CANDLE_COLUMNS, type Candles, emptyCandles, MINUTE_MS } from '../core/market/candle.ts';
import { money } from '../core/numbers/units.ts';
import { encodeState } from '../runtime/loop.ts';
import { DEFAULT_FILL_MODEL } from '../sim/matching/fill-model.ts';
import { runBacktest } from './backtest.ts';

const MINUTES = 1_500;
const PRICES = ['openTicks', 'highTicks', 'lowTicks', 'closeTicks'] as const;

/** Candles up to `cut`, then those of another market, a jump away and with a quarter of their volume. */
function turned(candles: Candles, other: Candles, cut: number): Candles {
  const all = emptyCandles(candles.instId, candles.length);
  for (const column of CANDLE_COLUMNS) all[column].set(candles[column]);
  const scale = (1.01 * (candles.closeTicks[cut - 1] ?? 1)) / (other.openTicks[cut] ?? 1);
  for (let i = cut; i < all.length; i++) {
    for (const column of PRICES) all[column][i] = Math.round((other[column][i] ?? 0) * scale);
    all.volumeLots[i] = (other.volumeLots[i] ?? 0) >> 2;
  }
  return all;
}

it('what was decided, filled and owned before a candle is the same whatever comes from it on', {
  timeout: 300_000,
}, () => {
  let fills = 0;
  for (let seed = 0; seed < long(8, 200); seed++) {
    const symbols = seed % 2 === 0 ? ['BTC-USDT-SWAP', 'SOL-USDT-SWAP', 'DOGE-USDT-SWAP'] : ['BTC-USDT-SWAP'];
    const { instruments, candles } = generated(seed, MINUTES, symbols);
    const others = generated(seed + 1_000, MINUTES, symbols).candles;
    const cut = 600 + ((seed * 137) % 800);
    const untilMs = (candles[0]?.openMinute[cut] ?? 0) * MINUTE_MS;
    const additions = seed % 3 === 0 ? 'off' : { enabled: 'on', placement: 'resting' };
    const { policy } = loadTree({ governors: { additions_without_signal: additions } });
    const past = (columns: readonly Candles[]) => {
      const told: string[] = [];
      // At the moment itself the close before it is thought about, and the opening after it has already happened.
      const isPast = ({ kind, at }: CoreEvent) => at < untilMs || (kind === 'candle-closed' && at === untilMs);
      runBacktest({
        policy,
        instruments,
        candles: columns,
        balance: money(1_000_00000000n),
        model: { ...DEFAULT_FILL_MODEL, outlook: seed % 5 === 0 ? 'optimistic' : 'pessimistic' },
        funding: { intervalMs: 60 * MINUTE_MS, rateE8: () => 10_000 },
        traced: true,
        witness: {
          happened: (event) => void (isPast(event) && told.push(encodeState(event))),
          decided: (event, decisions) =>
            void (isPast(event) && told.push(...decisions.map((each) => encodeState(each)))),
          minuteEnded: (...facts) => void (facts[0] <= untilMs && told.push(facts.join(' '))),
        },
      });
      return told;
    };
    const told = past(candles);
    expect(past(candles.map((each, i) => turned(each, others[i] as Candles, cut))), `seed ${seed}`).toEqual(told);
    fills += told.filter((line) => line.includes('"kind":"filled"')).length;
  }
  expect(fills, 'there was a past').toBeGreaterThan(50);
});
